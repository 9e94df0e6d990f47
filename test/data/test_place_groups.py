# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Grouping by founders: against a look at all pairs, and stable however images are added."""

import math

from hypothesis import given, strategies as st
import pytest

from structvpr_ros.data.place_groups import grouped, Grouping
from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.errors import ConfigurationError

whole = st.integers(-12, 12).map(float)


@st.composite
def drives(draw):
    rows = draw(st.lists(st.tuples(whole, whole, st.none() | st.floats(-4, 4)), max_size=25))
    return [PosedImage('drive', f'{row}', f'own {row}', x, y, heading)
            for row, (x, y, heading) in enumerate(rows)]


def alike(first, second, radius, angle=math.pi / 4) -> bool:
    turned = 0.0 if None in (first.heading, second.heading) else abs(
        math.remainder(first.heading - second.heading, math.tau))
    return math.dist((first.x, first.y), (second.x, second.y)) <= radius and turned <= angle


@given(drives(), st.integers(1, 8), st.floats(0.1, math.pi))
def test_places_are_around_their_founders(drive, radius, angle):
    found = grouped(drive, radius, angle)
    founders = []
    for before, after in zip(drive, found, strict=True):
        near = [founder for founder in founders if alike(founder, before, radius, angle)]
        if near:
            shortest = min(math.dist((founder.x, founder.y), (before.x, before.y))
                           for founder in near)
            [joined] = [founder for founder in near if founder.place == after.place]
            assert math.dist((joined.x, joined.y), (before.x, before.y)) == shortest
        else:
            assert after == before, 'who founds a place keeps its own'
            founders.append(after)


@given(drives(), st.integers(0, 25), st.integers(1, 8))
def test_places_stay_when_more_is_added(drive, cut, radius):
    whole_way = grouped(drive, radius)
    first = grouped(drive[:cut], radius)
    assert whole_way == first + grouped(drive[cut:], radius, known=first)


def test_cells_that_can_be_counted():
    far = PosedImage('drive', 'far', 'far', 1e300, 0.0)
    assert grouped([far], Grouping(1e-3).radius) == [far]
    with pytest.raises(ConfigurationError, match='at least a millimetre, found 1e-300'):
        Grouping(1e-300)


def test_a_straight_route_is_cut_by_its_length():
    route = [PosedImage('drive', f'{x}', f'{x}', float(x), 0.0, 0.0) for x in range(0, 31, 2)]
    places = [entry.place for entry in grouped(route, 5.0)]
    assert places == ['0', '0', '0', '6', '6', '6', '12', '12', '12', '18', '18', '18', '24',
                      '24', '24', '30']


def test_places_that_a_set_names_twice_are_told_apart():
    route = [PosedImage('drive', f'{x}.png', 'street', float(x), 0.0, 0.0) for x in (0, 1, 9, 50)]
    first = grouped(route[:3], 5.0)
    assert [entry.place for entry in first] == ['street', 'street', 'drive/9.png']
    assert grouped(route[3:], 5.0, known=first)[0].place == 'drive/50.png'


def test_the_way_back_is_another_place():
    there, back = (PosedImage('drive', name, name, 0.0, 0.0, heading)
                   for name, heading in (('there', 0.0), ('back', math.pi)))
    assert [entry.place for entry in grouped([there, back, there], 5.0)] == [
        'there', 'back', 'there']


@pytest.mark.parametrize('known', [(), (PosedImage('', 'a', 'p'),)])
def test_what_has_no_position_keeps_its_place(known):
    entry = PosedImage('drive', 'image', 'own')
    assert grouped([entry], 5.0, known) == [entry]
