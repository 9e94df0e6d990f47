# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
From an image to a recognition: the ranking of places, the sequence filter, decision and pose.

The node, the evaluation and the tests call the very same objects; no ROS type belongs here.
"""
