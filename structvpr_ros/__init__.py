# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A sense of place for ROS 2 robots: visual place recognition after StructVPR (CVPR 2023)."""

__version__ = '0.1.0'
