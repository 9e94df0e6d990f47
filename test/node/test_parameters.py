# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The declarations themselves; what the running node makes of them is tested with the node."""

import math

import pytest

pytest.importorskip('rclpy', reason='needs ROS 2')

from structvpr_ros.node.parameters import Declaration, DECLARATIONS  # noqa: E402


@pytest.mark.parametrize('declaration', DECLARATIONS, ids=lambda declaration: declaration.name)
def test_defaults_are_allowed_and_described(declaration):
    assert declaration.fault(declaration.default) == ''
    descriptor = declaration.descriptor()
    assert descriptor.description.endswith('.')
    assert descriptor.read_only == declaration.read_only
    assert descriptor.additional_constraints == (
        f'one of {", ".join(declaration.choices)}' if declaration.choices else '')


def test_names_are_unique():
    assert len({declaration.name for declaration in DECLARATIONS}) == len(DECLARATIONS)


def test_bounds_of_a_float_are_exact():
    share = Declaration('share', 0.5, 'A share.', bounds=(0, 1))
    for value in (0.0, 0.5, 1.0):
        assert share.fault(value) == ''
    for value in (-1e-12, 1 + 1e-12, math.nan, math.inf):
        assert 'share: expected 0 to 1' in share.fault(value)
    limits = share.descriptor().floating_point_range[0]
    assert (limits.from_value, limits.to_value) == (0.0, 1.0)


def test_bounds_of_an_int():
    count = Declaration('count', 3, 'A count.', bounds=(1, 9))
    assert [value for value in range(-5, 15) if not count.fault(value)] == list(range(1, 10))
    limits = count.descriptor().integer_range[0]
    assert (limits.from_value, limits.to_value, limits.step) == (1, 9, 1)


def test_choices():
    colour = Declaration('colour', 'red', 'A colour.', choices=('red', 'green'))
    assert colour.fault('green') == ''
    assert colour.fault('blue') == "colour: expected one of red, green, found 'blue'"


def test_a_region_is_of_four_numbers():
    region = next(d for d in DECLARATIONS if d.name == 'roi')
    for value in ([0, 0, 0, 0], (3, 4, 50, 60)):
        assert region.fault(value) == ''
    for value in ([], [1, 2, 3], [0, 0, -1, 5], [5, 5, 0, 0]):
        assert 'roi: expected x, y, width and height' in region.fault(value)
