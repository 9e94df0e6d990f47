# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Bags of ROS 1 and ROS 2 as a source of posed images, read without an installation of ROS.

Where poses come from, which images are taken, and how they are read. What becomes of the images
belongs elsewhere.
"""
