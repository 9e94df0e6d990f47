# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
What speaks ROS 2: the localize node, the replay of images as a camera, message conversion.

The only room that imports rclpy or a message type. Nothing that could be tried without ROS
belongs here: what is decided about an image is decided in ``matching``.
"""
