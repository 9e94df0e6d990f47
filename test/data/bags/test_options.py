# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Options that cannot work together are told before a bag is opened."""

import math
from pathlib import Path

import pytest

from structvpr_ros.data.bags.options import BagOptions
from structvpr_ros.errors import ConfigurationError

BAGS = (Path('day.bag'), Path('night.mcap'))


@pytest.mark.parametrize(('options', 'told'), [
    ({'conditions': ('day',)}, 'as many conditions as bags, 2, found 1'),
    ({'trajectories': (Path('t'),) * 3}, 'as many trajectories as bags, 2, found 3'),
    ({'trajectories': BAGS, 'pose_topic': '/odom'}, 'trajectories or a pose_topic'),
    ({'max_gap': 0.0}, 'max_gap'), ({'max_gap': math.inf}, 'max_gap'),
    ({'distance': -1.0}, 'distance'), ({'angle': math.nan}, 'angle'),
    ({'origin': (91.0, 0.0, 0.0)}, 'latitude'),
    ({'paths': (Path('a/day.bag'), Path('b/day.mcap'))}, 'different names, found day twice')])
def test_what_cannot_work(options, told):
    with pytest.raises(ConfigurationError, match=told):
        BagOptions(**{'paths': BAGS, **options})


def test_defaults_work():
    assert BagOptions().keyframes().distance == 2.0
    assert BagOptions(BAGS, conditions=('day', 'night')).geo_origin() is None
