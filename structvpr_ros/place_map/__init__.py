# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The map on disk and in memory: frames, their places and their descriptors; built and searched.

What a score means (localized or not) is decided in ``matching``; no ROS type belongs here.
"""
