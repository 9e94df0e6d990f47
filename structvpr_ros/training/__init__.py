# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Mining, stage one (two branches by triplets), partition and weights, stage two (distillation).

The only room that imports lightning and pytorch-metric-learning. What is pure arithmetic
(mining, partition, weights) is numpy in files of its own; nothing here is needed on the robot.
"""
