# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Learned features and matchers by PyTorch: for evaluations, since a robot has no time for them.

What is published as a Python package comes from there; the weights of SuperPoint and SuperGlue
may not be passed on, so that who has them names the files, and their networks are written here.
"""
