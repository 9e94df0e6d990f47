# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Segmentation: label sets, label maps from images, and their encoding (SLME) for the SEG branch.

Arrays in, arrays out, and the two stages that run them over a place data set. No descriptor, no
training and no ROS type belongs here; torch only in ``torch_segmenter``, imported when asked for.
"""
