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


def chosen_pairs(table):
    relations = relate(table, table, Proximity())
    return relations, relations.pairs()[partners(table, relations)].tolist()


rows = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.sampled_from((0.0, 0.5, 6.0)),
                          st.sampled_from(('day', 'night'))), min_size=1, max_size=14)


@given(rows)
def test_it_is_the_nearest_of_another_condition(rows):
    table = make_table([row[:3] for row in rows], [row[3] for row in rows])
    relations, found = chosen_pairs(table)
    expected = []
    for query, positives in enumerate(relations.positives):
        def key(row, query=query):
            (ax, ay, a, _), (bx, by, b, _) = rows[query], rows[row]
            return (rows[query][3] == rows[row][3], np.hypot(ax - bx, ay - by),
                    round(abs(np.angle(np.exp(1j * (a - b)))), 9), row)
        if len(positives):
            expected.append([query, min(positives.tolist(), key=key)])
    assert found == expected


def test_without_poses_it_is_the_first_of_another_condition():
    table = replace(make_table([(0, 0, np.nan)] * 4, ['day', 'day', 'night', 'night']),
                    positions=None)
    assert chosen_pairs(table)[1] == [[0, 2], [1, 2], [2, 0], [3, 0]]


def test_an_image_without_a_positive_makes_no_pair():
    assert chosen_pairs(make_table([(0, 0, 0), (90, 0, 0)], ['day', 'day']))[1] == []
