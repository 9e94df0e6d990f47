# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
From feature maps to one descriptor of unit length; what is chosen by name is in the registry.

Only what comes behind the backbone lives here, and nothing that knows of images or training.
"""
