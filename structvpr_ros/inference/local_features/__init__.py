# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
From an image to its local features: keypoints, and a descriptor of each.

A kind is a file here and a line in ``registry``; none needs PyTorch. What is made of features
of two images belongs to ``matching``.
"""
