# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Positives and negatives against a slow oracle that looks at every pair."""

from dataclasses import replace
import math
from pathlib import Path
from typing import Optional

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.errors import ConfigurationError


def make_table(positions: Optional[list], headings: Optional[list] = None,
               places: Optional[list] = None, root: str = '/set') -> PlaceTable:
    count = len(positions if positions is not None else places)
    return PlaceTable(
        root=Path(root),
        images=tuple(f'images/{row}.jpg' for row in range(count)),
        places=tuple(places or map(str, range(count))),
        positions=None if positions is None else np.array(positions, float).reshape(count, 2),
        headings=np.full(count, np.nan) if headings is None else np.array(headings, float),
        conditions=('',) * count,
        splits=('',) * count)


def slow_oracle(queries: PlaceTable, database: PlaceTable, proximity: Proximity,
                query: int, row: int) -> str:
    if queries.root == database.root and queries.images[query] == database.images[row]:
        return 'own'
    distance = math.dist(queries.positions[query], database.positions[row])
    a, b = queries.headings[query], database.headings[row]
    turn = abs(math.atan2(math.sin(a - b), math.cos(a - b)))
    if distance <= proximity.positive_radius and not turn > proximity.positive_angle:
        return 'positive'
    return 'near' if distance <= proximity.negative_radius else 'negative'


coordinates = st.tuples(st.integers(-40, 40), st.integers(-40, 40))
directions = st.sampled_from([math.nan, -3.1, -1.0, 0.0, 0.5, 1.0, 3.1])
tables = st.lists(st.tuples(coordinates, directions), min_size=1, max_size=12).map(
    lambda rows: ([xy for xy, _ in rows], [heading for _, heading in rows]))


@settings(max_examples=60, deadline=None)
@given(tables, tables, st.booleans())
def test_agrees_with_the_oracle(first: tuple, second: tuple, same_set: bool) -> None:
    queries = make_table(*first)
    database = make_table(*second, root='/set' if same_set else '/other')
    proximity = Proximity(positive_radius=10, negative_radius=25, positive_angle=0.7)
    relations = relate(queries, database, proximity)
    positive = relations.positive_mask(len(database))
    negative = relations.negative_mask(len(database))
    for query in range(len(queries)):
        for row in range(len(database)):
            expected = slow_oracle(queries, database, proximity, query, row)
            assert positive[query, row] == (expected == 'positive')
            assert negative[query, row] == (expected == 'negative')


def test_an_image_is_not_its_own_positive() -> None:
    table = make_table([[0, 0], [1, 0]])
    relations = relate(table, table, Proximity())
    assert [rows.tolist() for rows in relations.positives] == [[1], [0]]
    assert not relations.negative_mask(2).any()


def test_opposite_views_are_neither_positive_nor_negative() -> None:
    queries = make_table([[0, 0]], [0.0])
    database = make_table([[0, 0]], [math.pi], root='/other')
    relations = relate(queries, database, Proximity())
    assert relations.positives[0].size == 0
    assert not relations.negative_mask(1).any()


def test_place_ids_decide_where_positions_are_missing() -> None:
    queries = make_table(None, places=['a', 'b', 'c'])
    database = make_table([[0, 0]] * 4, places=['b', 'a', 'b', 'd'], root='/other')
    relations = relate(queries, database, Proximity())
    assert [rows.tolist() for rows in relations.positives] == [[1], [0, 2], []]
    assert relations.negative_mask(4)[2].all()


def test_pairs_lists_every_positive_once() -> None:
    table = make_table([[0, 0], [1, 0], [2, 0], [99, 0]])
    pairs = relate(table, table, Proximity()).pairs()
    assert sorted(map(tuple, pairs.tolist())) == [
        (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
    assert relate(make_table([[0, 0]]), make_table([[50, 0]]), Proximity()).pairs().shape == (0, 2)


@pytest.mark.parametrize('options', [
    {'positive_radius': 0}, {'positive_radius': 30}, {'positive_angle': 0},
    {'positive_angle': 4}, {'positive_radius': math.nan}])
def test_impossible_proximity_is_refused(options: dict) -> None:
    with pytest.raises(ConfigurationError):
        Proximity(**options)


def test_a_list_of_right_images_comes_before_positions_and_places() -> None:
    table = replace(make_table([[0, 0], [1, 0], [50, 0]]), truth={
        'images/0.jpg': frozenset({'images/2.jpg', 'images/0.jpg', 'images/gone.jpg'})})
    relations = relate(table, table.take([2, 1, 0]), Proximity())
    assert [rows.tolist() for rows in relations.positives] == [[0], [], []]
    assert [rows.tolist() for rows in relations.excluded] == [[0, 2], [1], [0]]
