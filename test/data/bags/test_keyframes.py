# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which images are taken."""

import math

import pytest

from structvpr_ros.data.bags.keyframes import Keyframes
from structvpr_ros.data.bags.pose import Pose
from structvpr_ros.errors import ConfigurationError

HERE = (0, Pose(0.0, 0.0, math.pi - 0.1))


@pytest.mark.parametrize(('pose', 'wanted'), [
    (Pose(1.9, 0.0, math.pi - 0.1), False), (Pose(1.5, 1.5, math.pi - 0.1), True),
    (Pose(0.0, 0.0, -math.pi + 0.1), False), (Pose(0.0, 0.0, -math.pi + 0.2), True),
    (Pose(1.0, 0.0, math.nan), False), (Pose(2.0, 0.0, math.nan), True)])
def test_distance_or_angle(pose, wanted):
    assert Keyframes().wants(HERE, 10 ** 12, pose) == wanted


def test_time_alone():
    keyframes = Keyframes(interval=1.0)
    assert not keyframes.wants(HERE, 10 ** 9 - 1, Pose(100.0, 0.0, 0.0))
    assert keyframes.wants(HERE, 10 ** 9, HERE[1])


def test_the_first_image_is_always_taken():
    assert Keyframes().wants(None, 0, HERE[1])


@pytest.mark.parametrize('name', ['distance', 'angle', 'interval'])
@pytest.mark.parametrize('value', [-1.0, math.nan, math.inf])
def test_no_such_thing(name, value):
    with pytest.raises(ConfigurationError, match=name):
        Keyframes(**{name: value})
