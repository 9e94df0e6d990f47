# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
From an image to its descriptor: the one resize, the engines, and the export between them.

An engine runs a model bundle and knows no map, no place and no ROS type. PyTorch is imported by
``torch_engine`` and ``export`` alone, so that a robot with ONNX Runtime needs none.
"""
