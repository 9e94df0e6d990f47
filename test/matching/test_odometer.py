# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The way that odometry tells, against the length of the curve that was driven."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.matching.odometer import Odometer

SPEED = 5.0  # metres per second, the fastest


def driven(readings):
    """Return an odometer that heard readings (stamp, x, y), all of which go on."""
    odometer = Odometer()
    for reading in readings:
        assert odometer.add(*reading, SPEED)
    return odometer


def straight(start=0.0, end=5.0, speed=2.0, rate=50):
    return [(stamp, speed * stamp, 0.0) for stamp in np.arange(start, end, 1 / rate).tolist()]


def test_nothing_is_known_without_readings():
    assert Odometer().at(3.0) is None


def test_the_way_between_readings():
    odometer = driven(straight())
    ways = [odometer.at(stamp) for stamp in (1.0, 1.013, 2.5, 4.0)]
    np.testing.assert_allclose(np.diff(ways), [0.026, 2.974, 3.0], atol=0.06)


def test_the_way_round_a_curve_is_its_length():
    angles = np.linspace(0, math.tau, 500)
    odometer = driven([(0.02 * n, 3 * math.cos(a), 3 * math.sin(a))
                       for n, a in enumerate(angles.tolist())])
    assert odometer.at(9.98) - odometer.at(0.0) == pytest.approx(6 * math.pi, rel=0.01)


def test_the_newest_reading_stands_for_a_while():
    odometer = driven(straight(end=3.0))
    last = odometer.at(2.98)
    assert odometer.at(3.2) == last
    assert odometer.at(4.0) is None
    assert odometer.at(3.3) == last  # not a gap: it may come late


def test_readings_of_long_ago_are_forgotten():
    odometer = driven(straight(end=30.0))
    assert odometer.at(15.0) is None
    assert odometer.at(29.0) - odometer.at(25.0) == pytest.approx(8.0, abs=0.1)


def test_who_stands_and_trembles_does_not_travel():
    random = np.random.default_rng(1)
    tremor = random.normal(0, 0.005, (2000, 2)).tolist()
    odometer = driven([(0.02 * n, *position) for n, position in enumerate(tremor)])
    assert odometer.at(39.9) < 0.1


@pytest.mark.parametrize('after', [
    (5.02, 60.0, 0.0),  # it starts anew elsewhere
    (2.0, 4.0, 0.0),  # its clock goes back
    (5.0, -3.0, 0.0)])
def test_nobody_can_take_the_difference_across_a_jump(after):
    odometer = driven(straight())
    before = odometer.at(4.9)
    assert not odometer.add(*after, SPEED)
    assert odometer.at(after[0]) is None
    stamp, x, y = after
    for step in range(1, 100):
        assert odometer.add(stamp + 0.02 * step, x + 0.04 * step, y, SPEED)
    first = odometer.at(stamp)
    assert first >= before
    assert odometer.at(stamp + 1.9) - first == pytest.approx(3.8, abs=0.1)


def test_a_reading_that_comes_late_changes_nothing():
    odometer = driven(straight())
    before = odometer.at(4.9)
    assert odometer.add(4.5, 77.0, 0.0, SPEED)
    assert odometer.at(4.9) == before
    assert odometer.add(5.0, 10.0, 0.0, SPEED)
    assert odometer.at(5.0) - before == pytest.approx(0.2, abs=0.06)


def test_readings_that_stay_away_for_a_while_are_a_gap_that_is_known():
    odometer = driven([*straight(end=2.0), *straight(start=7.0, end=9.0)])
    assert odometer.at(8.0) - odometer.at(1.0) == pytest.approx(14.0, abs=0.1)


@pytest.mark.parametrize('reading', [(math.nan, 0, 0), (1.0, math.nan, 0), (1.0, 0, math.inf)])
def test_what_is_no_number_is_no_reading(reading):
    odometer = driven(straight())
    before = odometer.at(4.0)
    assert not odometer.add(*reading, SPEED)
    assert odometer.at(4.0) == before


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-30, 30), st.floats(-30, 30)), min_size=1),
       st.lists(st.floats(0, 1), min_size=2))
def test_the_way_never_shrinks(readings, steps):
    odometer, stamp, last = Odometer(), 0.0, 0.0
    for elapsed, x, y in readings:
        stamp += elapsed
        odometer.add(stamp, x, y, SPEED)
        way = odometer.at(stamp)
        assert way is None or way >= last
        last = last if way is None else way
    for step in steps:
        stamp += step
        way = odometer.at(stamp)
        assert way is None or way >= last
