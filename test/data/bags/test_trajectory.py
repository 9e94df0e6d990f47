# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Interpolation between poses, against what is known of straight lines and arcs."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.bags.pose import between, rising
from structvpr_ros.data.bags.trajectory import Trajectory
from structvpr_ros.errors import DatasetError


def trajectory(stamps, positions, headings, max_gap=2.0) -> Trajectory:
    return Trajectory('t', np.array([round(stamp * 1e9) for stamp in stamps], np.int64),
                      np.array(positions, float), np.array(headings, float), max_gap)


@given(st.floats(0, 1), st.floats(-7, 7), st.floats(-3.1, 3.1))
def test_the_shorter_arc(share, first, turn):
    found = trajectory([0, 1], [[0, 0], [4, -2]], [first, first + turn]).at(round(share * 1e9))
    assert (found.x, found.y) == pytest.approx((4 * share, -2 * share), abs=1e-6)
    expected = first + share * turn
    assert math.cos(found.heading - expected) == pytest.approx(1, abs=1e-9)
    assert -math.pi <= found.heading <= math.pi


def test_nothing_is_known_outside_and_in_gaps():
    poses = trajectory([0, 1, 4, 5], [[0, 0]] * 4, [0] * 4)
    assert poses.at(-1) is None and poses.at(5 * 10 ** 9 + 1) is None
    assert poses.at(2 * 10 ** 9) is None
    for stamp in (0, 1, 4, 4.5, 5):
        assert poses.at(round(stamp * 1e9)) is not None
    assert poses.span() == '0.000 to 5.000'


def test_an_unknown_heading_stays_unknown():
    poses = trajectory([0, 1, 2], [[0, 0], [1, 0], [2, 0]], [0.5, math.nan, 0.5])
    assert math.isnan(poses.at(5 * 10 ** 8).heading)
    assert poses.at(0).heading == 0.5


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_what_is_kept_rises(stamps):
    kept = rising(np.array(stamps, np.int64)).tolist()
    assert kept == [row for row, stamp in enumerate(stamps) if stamp > max([-1, *stamps[:row]])]


@given(st.lists(st.integers(0, 100), min_size=1, max_size=20, unique=True), st.integers(0, 100),
       st.integers(0, 40))
def test_neighbours_are_those_of_a_look_at_all(stamps, stamp, gap):
    stamps = sorted(stamps)
    before = max((known for known in stamps if known <= stamp), default=None)
    after = min((known for known in stamps if known >= stamp), default=None)
    found = between(np.array(stamps, np.int64), stamp, gap)
    if before is None or after is None or after - before > gap:
        assert found is None
    else:
        first, last, share = found
        assert (stamps[first], stamps[last]) == (before, after)
        assert before + share * (after - before) == pytest.approx(stamp)


def test_poses_that_are_left_out_are_told(caplog):
    poses = trajectory([0, 1, 0.5, 2], [[0, 0], [1, 0], [9, 9], [2, 0]], [0] * 4)
    assert poses.at(5 * 10 ** 8).x == 0.5
    assert 't: 1 of 4 poses left out' in caplog.text


def test_no_pose_is_left():
    with pytest.raises(DatasetError, match='t: expected poses, found none that is finite'):
        trajectory([0, 1, 2], [[math.nan, 0], [0, math.inf], [1e300, 0]], [0, 0, 0])
