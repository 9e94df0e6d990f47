# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
How good is it: metrics, tables and pictures.

Metrics are pure functions of arrays. What is measured calls the very objects the robot runs; no
training and no ROS type belongs here.
"""
