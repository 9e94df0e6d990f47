# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The plan of the town: streets apart from each other, plots without gaps, few visits alike."""

from collections import Counter
import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.town.conditions import CONDITIONS
from structvpr_ros.data.town.layout import (
    BEYOND, FIRST_X, PLACE_SPACING, PLACES_PER_STREET, plan_streets, streets_for)
from structvpr_ros.data.town.plots import KINDS, plan_plots
from structvpr_ros.data.town.poses import Jitter, pose_at
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.visits import plan_visits
from structvpr_ros.errors import ConfigurationError

STREETS = plan_streets(3, [30, 12, 30, 1, 30, 30])


def places(street) -> np.ndarray:
    x = np.arange(street.places) * PLACE_SPACING
    return np.array([street.to_town(at, float(street.centre(at)), 0)[:2] for at in x])


def test_places_of_two_streets_are_far_apart() -> None:
    for row, first in enumerate(STREETS):
        for second in STREETS[row + 1:]:
            gaps = np.linalg.norm(places(first)[:, None] - places(second)[None], axis=2)
            assert gaps.min() > 100


def test_places_along_a_street_are_evenly_spaced() -> None:
    for street in STREETS:
        steps = np.linalg.norm(np.diff(places(street), axis=0), axis=1)
        # The street bends, so that its places are a little farther apart than along x.
        assert ((steps >= PLACE_SPACING - 1e-9) & (steps < 1.2 * PLACE_SPACING)).all()


def test_the_direction_is_that_of_the_centre_line() -> None:
    for street in STREETS:
        x = np.linspace(0, 100, 7)
        slopes = (street.centre(x + 1e-5) - street.centre(x - 1e-5)) / 2e-5
        np.testing.assert_allclose(np.tan([street.direction(at) for at in x]), slopes, atol=1e-5)


def test_a_street_turns_and_moves_into_the_town() -> None:
    street = STREETS[0]
    x, y, heading = street.to_town(3.0, 4.0, 0.5)
    assert math.dist((x, y), street.origin) == pytest.approx(5)
    assert math.sin(heading - street.heading - 0.5) == pytest.approx(0, abs=1e-12)
    assert -math.pi <= heading <= math.pi


def test_a_street_does_not_depend_on_those_after_it() -> None:
    assert plan_streets(3, [30, 12]) == STREETS[:2]


def test_another_seed_is_another_town() -> None:
    other = plan_streets(4, [30, 12])
    assert [street.name for street in other] != [street.name for street in STREETS[:2]]
    assert other[0].heading != STREETS[0].heading


def test_names_stay_unique_in_a_large_town() -> None:
    names = [street.name for street in plan_streets(0, [1] * 400)]
    assert len(set(names)) == 400


@given(st.integers(1, 500))
def test_streets_share_places_evenly(count: int) -> None:
    shares = streets_for(count)
    assert sum(shares) == count and max(shares) - min(shares) <= 1
    assert max(shares) <= PLACES_PER_STREET and len(shares) == -(-count // PLACES_PER_STREET)


def test_plots_cover_both_sides_without_gap_or_overlap() -> None:
    for street in STREETS[:3]:
        plots = plan_plots(street)
        for side in (1, -1):
            row = [plot for plot in plots if plot.side == side]
            assert row[0].start <= FIRST_X and row[-1].end >= street.last_x
            assert all(one.end == two.start for one, two in zip(row[:-1], row[1:]))
        assert len({plot.key for plot in plots}) == len(plots)


def test_buildings_differ_along_a_street() -> None:
    for street in STREETS[:3]:
        buildings = [plot.building for plot in plan_plots(street) if plot.building]
        heights = [building.height for building in buildings]
        assert np.std(heights) > 2 and min(heights) > 2.5 and max(heights) < 45
        assert len(buildings) < len(plan_plots(street))
        for plot in plan_plots(street):
            assert (plot.building is None) == (KINDS[plot.kind].floors == (0, 0))


def test_equal_keys_give_equal_streams_and_others_others() -> None:
    keys = [(1, 'a'), (1, 'b'), (2, 'a'), (1, 'a', 0), ('a', 1)]
    draws = [tuple(stream(*key).integers(0, 1 << 60, 4)) for key in keys]
    assert draws == [tuple(stream(*key).integers(0, 1 << 60, 4)) for key in keys]
    assert len(set(draws)) == len(keys)


def test_visits_cover_all_splits() -> None:
    visits = plan_visits(0, 70, 30, 40, ('night', 'sunny'))
    counts = Counter()
    for visit in visits:
        counts[visit.split, visit.condition.name] += visit.street.places
    assert counts == {
        ('train', 'night'): 70, ('train', 'sunny'): 70, ('val_map', 'sunny'): 30,
        ('val_query', 'night'): 30, ('val_query', 'sunny'): 30, ('test_map', 'sunny'): 40,
        ('test_query', 'night'): 40, ('test_query', 'sunny'): 40}
    names = {split: {visit.street.name for visit in visits if visit.split.startswith(split)}
             for split in ('train', 'val', 'test')}
    assert not (names['train'] & names['val'] or names['train'] & names['test']
                or names['val'] & names['test'])


def test_no_visit_is_made_twice() -> None:
    visits = plan_visits(0, 30, 30, 30, tuple(CONDITIONS))
    # The sunny map and the sunny queries are two visits of the same street.
    keys = [(visit.street.name, visit.condition.name, visit.number) for visit in visits]
    assert len(set(keys)) == len(keys)


def test_more_training_leaves_the_test_streets_alone() -> None:
    few, many = (plan_visits(0, count, 30, 60, ('sunny',)) for count in (30, 300))
    assert [visit for visit in few if visit.split != 'train'] == [
        visit for visit in many if visit.split != 'train']


@given(st.integers(0, 29), st.sampled_from(sorted(CONDITIONS)), st.integers(0, 3))
def test_poses_stay_near_their_place(place: int, condition: str, visit: int) -> None:
    street, jitter = STREETS[0], Jitter(0.7, 0.5, 0.04, 0.02)
    pose = pose_at(street, condition, visit, place, jitter)
    x, y, height = pose.position
    assert abs(x - place * PLACE_SPACING) <= jitter.along
    assert abs(y - street.centre(x) + street.lane / 2) <= jitter.lateral + 1e-9
    assert abs(pose.heading - street.direction(x)) <= jitter.yaw
    assert abs(pose.pitch) <= jitter.pitch and height == 1.5
    assert x + BEYOND / 2 < street.last_x


def test_poses_differ_from_visit_to_visit() -> None:
    poses = {tuple(pose_at(STREETS[0], condition, visit, 4, Jitter()).position)
             for condition in CONDITIONS for visit in (0, 1)}
    assert len(poses) == 2 * len(CONDITIONS)


@pytest.mark.parametrize('values', [(-0.1, 0, 0, 0), (3, 0, 0, 0), (0, 2, 0, 0), (0, 0, 1, 0),
                                    (0, 0, 0, math.nan)])
def test_impossible_jitter(values: tuple) -> None:
    with pytest.raises(ConfigurationError):
        Jitter(*values)
