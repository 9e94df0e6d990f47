# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
From an image to its descriptor: the engines of the robot, and whole data sets offline.

An engine runs a model bundle and knows no map, no place and no ROS type. PyTorch is imported by
``torch_engine``, ``export`` and ``describe`` alone, so that a robot with ONNX Runtime needs none.
"""
