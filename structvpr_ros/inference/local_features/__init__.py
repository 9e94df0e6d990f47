# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
From an image to its local features: keypoints, and a descriptor of each.

A kind is an extractor and a matcher, and a line in ``registry``; nothing here needs PyTorch, for
what does is in ``learned_matchers``. What is made of matches belongs to ``matching``.
"""
