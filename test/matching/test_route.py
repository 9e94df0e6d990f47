# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The layout of places, and the motion of probability between them, against slow loops."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.matching.route import Route
from structvpr_ros.place_map.frame import Frame


def frame(row, place, position=None):
    x, y = position or (None, None)
    return Frame(row, place, f'{row}', x, y, None, None, '')


def straight(count, spacing=1.0):
    return Route([frame(row, f'{row}', (spacing * row, 0.0)) for row in range(count)], 1.0)


def unit(vector):
    length = math.hypot(*vector)
    return (vector[0] / length, vector[1] / length) if length > 1e-12 else (0.0, 0.0)


def direct_slowly(positions, farthest):
    directions = []
    for number in range(len(positions)):
        x = y = 0.0
        for start, end in ((number - 1, number), (number, number + 1)):
            if 0 <= start and end < len(positions):
                if math.dist(positions[start], positions[end]) <= farthest:
                    x += positions[end][0] - positions[start][0]
                    y += positions[end][1] - positions[start][1]
        directions.append(unit((x, y)))
    return directions


def move_slowly(route, positions, mass, least, most, noise):
    deviation = math.hypot(noise, route.spacing / 2)
    directions = direct_slowly(positions, 3 * route.spacing)
    moved = np.zeros((2, len(positions)))
    for layer, source in np.ndindex(2, len(positions)):
        travel = [(1 - 2 * layer) * part for part in directions[source]]
        arrivals = []
        for target, end in enumerate(positions):
            step = [end[axis] - positions[source][axis] for axis in (0, 1)]
            distance = math.hypot(*step)
            step = unit(step)
            ahead = -distance if np.dot(travel, step) < 0 else distance
            beside = max(least - ahead, 0.0) + max(ahead - most, 0.0)
            near = distance <= most + 3 * deviation
            weight = math.exp(-beside ** 2 / (2 * deviation ** 2)) if near else 0.0
            onward = np.dot([2 * travel[axis] + step[axis] for axis in (0, 1)],
                            directions[target])
            arrivals.append((weight, target, layer if onward == 0 else int(onward < 0)))
        total = max(sum(weight for weight, *_ in arrivals), math.exp(-2))
        for weight, target, arrived in arrivals:
            moved[arrived, target] += 0.9 * mass[layer, source] * weight / total
            moved[1 - arrived, target] += 0.1 * mass[layer, source] * weight / total
    return moved


# Not on a grid: right angles are decided by rounding.
spots = st.tuples(st.integers(-9, 9), st.integers(-9, 9)).map(
    lambda spot: (spot[0] + 0.1 * math.sin(7 * spot[1] + spot[0]),
                  spot[1] + 0.1 * math.cos(5 * spot[0] - 2 * spot[1])))
masses = st.sampled_from([0.0, 0.1, 0.4, 1.0])


@given(st.lists(st.tuples(spots, masses, masses), min_size=1, max_size=12), st.floats(0, 8),
       st.floats(0, 4), st.floats(0.01, 2))
def test_motion_is_that_of_slow_loops(entries, least, band, noise):
    positions = [spot for spot, *_ in entries]
    mass = np.array([mass for _, *mass in entries]).T
    route = Route([frame(row, f'{row}', at) for row, at in enumerate(positions)], 1.0)
    moved = route.move(mass, least, least + band, noise)
    expected = move_slowly(route, positions, mass, least, least + band, noise)
    assert moved == pytest.approx(expected, abs=1e-9)
    assert 0 <= moved.sum() <= mass.sum() + 1e-9


def start(count, place, layer=0):
    mass = np.zeros((2, count))
    mass[layer, place] = 1.0
    return mass


@pytest.mark.parametrize(('layer', 'target'), [(0, 14), (1, 6)])
def test_along_a_straight_route_mass_goes_on_as_it_travels(layer, target):
    moved = straight(21).move(start(21, 10, layer), 4.0, 4.0, 0.0)
    assert moved.sum() == pytest.approx(1)
    assert moved.sum(0)[target - 1:target + 2].sum() > 0.99
    assert moved[layer].sum() == pytest.approx(0.9)


def test_without_odometry_mass_reaches_as_far_as_the_robot():
    moved = straight(21).move(start(21, 10), 0.0, 3.0, 0.0).sum(0)
    assert moved[10:14] == pytest.approx(moved[10])
    assert moved[:9].sum() < 0.01 and moved[15:].sum() < 0.05


def test_it_follows_a_bend_and_comes_back_on_the_other_side_of_the_street():
    # East, then north; and the same way back, as a second drive.
    there = [(float(x), 0.0) for x in range(6)] + [(5.0, float(y)) for y in range(1, 6)]
    route = Route([frame(row, f'{row}', at) for row, at in enumerate(there + there[::-1])], 1.0)
    mass = start(22, 3)
    for _ in range(4):
        mass = route.move(mass, 1.0, 1.0, 0.0)
    # North of the bend, along the first drive or against the second one.
    assert mass[0, 6:10].sum() + mass[1, 12:16].sum() > 0.6


def test_who_drives_off_the_map_is_no_more_in_it():
    assert straight(3).move(start(3, 1), 20.0, 20.0, 1.0).sum() < 1e-6
    assert straight(3).move(start(3, 2), 2.0, 2.0, 0.0).sum() < 0.01
    assert not straight(3).move(np.zeros((2, 3)), 1.0, 1.0, 1.0).any()


def test_where_the_route_has_no_direction_mass_goes_everywhere():
    places = [(0.0, 0.0), (50.0, 0.0), (2.0, 0.0), (50.0, 2.0), (-2.0, 0.0), (48.0, 0.0)]
    route = Route([frame(row, f'{row}', at) for row, at in enumerate(places)], 1.0)
    moved = route.move(start(6, 0), 2.0, 2.0, 0.0).sum(0)
    assert moved[2] == pytest.approx(moved[4]) and moved[2] > 0.4


def test_a_place_is_amid_its_frames():
    route = Route([frame(0, 'a', (0.0, 0.0)), frame(1, 'b', (9.0, 0.0)),
                   frame(2, 'a', (2.0, 0.0)), frame(3, 'a', (7.0, 0.0))], 1.0)
    assert route.places == ('a', 'b') and route.index == {'a': 0, 'b': 1}
    assert [central.row for central in route.frames] == [2, 1]
    assert route.spacing == 6.0
    assert route.around(0, 5.9).tolist() == [0]
    assert sorted(route.around(0, 6.0).tolist()) == [0, 1]


def test_without_positions_places_are_on_a_line_in_the_order_of_rows():
    route = Route([frame(row, place) for row, place in enumerate('aabbc')], 3.0)
    assert len(route) == 3 and route.spacing == 3.0
    assert sorted(route.around(1, 3.0).tolist()) == [0, 1, 2]
    assert sorted(route.around(0, 5.0).tolist()) == [0, 1]


@pytest.mark.parametrize('positions', [[(1.0, 1.0)], [(1.0, 1.0)] * 3])
def test_a_map_of_one_spot(positions):
    route = Route([frame(row, f'{row}', at) for row, at in enumerate(positions)], 2.0)
    mass = np.full((2, len(positions)), 0.5 / len(positions))
    assert route.spacing == 2.0
    assert route.move(mass, 0.0, 1.0, 0.0) == pytest.approx(mass)


def test_spacing_ignores_places_at_the_very_same_spot():
    twice = [(4.0 * (row // 2), 0.0) for row in range(10)]
    assert Route([frame(row, f'{row}', at) for row, at in enumerate(twice)], 1.0).spacing == 4.0
