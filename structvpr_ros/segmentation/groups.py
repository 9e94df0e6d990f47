# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The groups that fine classes are clustered into: names, indices on disk, weights, colours."""

from types import MappingProxyType
from typing import Mapping

# The clustering, the order and the weights are our choice: the poster says only that few groups
# beat fine classes, and that each plays a role of its own. A group's index on disk is its place
# here plus one.
GROUPS = ('structure', 'object', 'vegetation', 'ground', 'sky', 'dynamic')
VOID_NAME = 'void'
VOID = 0

DEFAULT_WEIGHTS: Mapping[str, float] = MappingProxyType({
    'structure': 1.0, 'object': 1.0, 'vegetation': 0.5, 'ground': 0.5, 'sky': 0.5,
    'dynamic': 0.1})

# RGB by group index, void first.
COLOURS = ((0, 0, 0), (150, 110, 90), (250, 170, 30), (80, 140, 40), (128, 64, 128),
           (110, 170, 220), (220, 20, 60))
