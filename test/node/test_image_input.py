# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How often images are admitted; the subscription itself is tested with the node."""

from hypothesis import given, strategies as st
import pytest

pytest.importorskip('rclpy', reason='needs ROS 2')

from structvpr_ros.node.image_input import Pace  # noqa: E402


def admitted(times, rate):
    pace = Pace()
    return [now for now in times if pace.admits(now, rate)]


@pytest.mark.parametrize('rate', [1, 7, 20, 30])
def test_a_camera_of_30_gives_the_rate_that_is_asked_for(rate):
    assert len(admitted([frame / 30 for frame in range(300)], rate)) == pytest.approx(
        10 * rate, abs=1)


def test_zero_admits_all():
    times = [0.0, 0.0, 1e-9, 5.0]
    assert admitted(times, 0) == times


def test_a_pause_is_not_made_up_for():
    assert admitted([0.0, 100.0, 100.01, 100.02, 100.2], 10) == [0.0, 100.0, 100.2]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.floats(0.5, 50))
def test_no_interval_sees_more_than_its_share(gaps, rate):
    times, now = [], 0.0
    for gap in gaps:
        now += gap
        times.append(now)
    passed = admitted(times, rate)
    assert passed[0] == times[0]
    for start, first in enumerate(passed):
        for end, last in enumerate(passed[start:], start):
            # Two more than the rate: one at each end.
            assert end - start + 1 <= (last - first) * rate + 2 + 1e-6


def test_a_rate_may_change_on_the_way():
    pace = Pace()
    assert pace.admits(0.0, 1)
    assert not pace.admits(0.5, 1)
    assert pace.admits(0.6, 0)
    assert not pace.admits(0.7, 1)
    assert pace.admits(1.0, 1)
