# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The pair of each image: against a loop, and where little is known."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given, strategies as st
import numpy as np

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.training.partners import partners


def make_table(poses, conditions):
    count = len(poses)
    poses = np.array(poses, np.float64).reshape(count, 3)
    return PlaceTable(
        root=Path('nowhere'), images=tuple(f'{row}.png' for row in range(count)),
        places=tuple('one place' for _ in range(count)), positions=poses[:, :2],
        headings=poses[:, 2], conditions=tuple(conditions), splits=('',) * count)


def chosen_pairs(table, seed=0):
    relations = relate(table, table, Proximity())
    ranks = np.random.default_rng(seed).integers(1, 9, len(relations.pairs()))
    return relations, ranks, relations.pairs()[partners(table, relations, ranks)].tolist()


rows = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.sampled_from((0.0, 0.5, 6.0)),
                          st.sampled_from(('day', 'night', 'snow', 'fog'))),
                min_size=1, max_size=14)


@given(rows, st.integers(0, 3))
def test_it_is_the_median_of_the_nearest_of_each_other_condition(rows, seed):
    table = make_table([row[:3] for row in rows], [row[3] for row in rows])
    relations, ranks, found = chosen_pairs(table, seed)
    rank = dict(zip(map(tuple, relations.pairs().tolist()), ranks.tolist()))
    expected = []
    for query, positives in enumerate(relations.positives):
        def apart(row, query=query):
            (ax, ay, a, _), (bx, by, b, _) = rows[query], rows[row]
            return (np.hypot(ax - bx, ay - by),
                    round(abs(np.angle(np.exp(1j * (a - b)))), 9), row)
        others = [row for row in positives.tolist() if rows[row][3] != rows[query][3]]
        nearest = {}
        for row in sorted(others or positives.tolist(), key=apart):
            nearest.setdefault(rows[row][3], row)
        ordered = sorted(nearest.values(), key=lambda row: rank[query, row])
        if ordered:
            expected.append((query, rank[query, ordered[(len(ordered) - 1) // 2]], nearest))
    assert [query for query, _ in found] == [query for query, _, _ in expected]
    for (query, positive), (_, median, nearest) in zip(found, expected):
        assert positive in nearest.values() and rank[query, positive] == median


def test_an_image_is_not_blamed_for_a_partner_that_nobody_knows():
    table = make_table([(0, 0, 0)] * 4, ['day', 'dusk', 'fog', 'night'])
    relations = relate(table, table, Proximity())
    pairs = relations.pairs()
    ranks = np.where((pairs == 3).any(axis=1), 99, 1)
    chosen = partners(table, relations, ranks)
    assert dict(zip(pairs[chosen, 0].tolist(), ranks[chosen].tolist())) == {
        0: 1, 1: 1, 2: 1, 3: 99}


def test_without_poses_it_is_the_first_of_another_condition():
    table = replace(make_table([(0, 0, np.nan)] * 4, ['day', 'day', 'night', 'night']),
                    positions=None)
    assert chosen_pairs(table)[2] == [[0, 2], [1, 2], [2, 0], [3, 0]]


def test_an_image_without_a_positive_makes_no_pair():
    assert chosen_pairs(make_table([(0, 0, 0), (90, 0, 0)], ['day', 'day']))[2] == []
