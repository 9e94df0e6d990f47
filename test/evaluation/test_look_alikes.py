# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a map takes for what, against a loop over pairs of images."""

import math
from pathlib import Path

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.evaluation.look_alikes import (coverage, look_alikes, LookAlikes,
                                                  self_similarity)

PROXIMITY = Proximity(10.0, 25.0, math.pi / 4)


def table_of(spots, conditions=None):
    """Return a table of images at x, heading."""
    count = len(spots)
    return PlaceTable(
        root=Path('/map'), images=tuple(f'{row}.png' for row in range(count)),
        places=tuple(f'p{row}' for row in range(count)),
        positions=np.array([(x, 0.0) for x, _ in spots]),
        headings=np.array([heading for _, heading in spots]),
        conditions=tuple(conditions or [''] * count), splits=('',) * count)


def vectors(count, seed=0):
    found = np.random.default_rng(seed).normal(size=(count, 5)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def same_place(one, other):
    return abs(one[0] - other[0]) <= 10 and \
        abs(math.remainder(one[1] - other[1], math.tau)) <= math.pi / 4


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 80), st.sampled_from([0.0, 0.5, 3.0])),
                min_size=1, max_size=90), st.integers(0, 5))
def test_against_a_loop(spots, seed):
    table, descriptors = table_of(spots), vectors(len(spots), seed)
    rows = np.arange(0, len(spots), 2)
    found = look_alikes(table, descriptors, rows, PROXIMITY)
    for index, row in enumerate(rows):
        others = [other for other in range(len(spots)) if other != row]
        far = [other for other in others if abs(spots[other][0] - spots[row][0]) > 25]
        near = [other for other in others if same_place(spots[row], spots[other])]
        scores = descriptors @ descriptors[row]
        assert found.own[index] == pytest.approx(max(scores[near], default=-np.inf), abs=1e-5)
        assert found.score[index] == pytest.approx(max(scores[far], default=-np.inf), abs=1e-5)
        if far:
            assert found.elsewhere[index] in far
            assert scores[found.elsewhere[index]] == pytest.approx(found.score[index], abs=1e-5)
    similar, same = self_similarity(table, descriptors, rows, PROXIMITY)
    np.testing.assert_allclose(similar, descriptors[rows] @ descriptors[rows].T)
    assert same.tolist() == [[same_place(spots[one], spots[other]) for other in rows]
                             for one in rows]


def test_each_pair_of_places_is_told_once_the_worst_first():
    found = LookAlikes(np.arange(5), np.array([1, 0, 3, 2, 0]),
                       np.array([0.8, 0.8, 0.9, 0.7, -np.inf], np.float32),
                       np.array([0.9, 0.5, -np.inf, 0.7, 0.1], np.float32))
    assert [pair[:2] for pair in found.pairs(('a', 'b', 'c', 'd', 'e'), 9)] == [(2, 3), (0, 1)]
    assert [pair[:2] for pair in found.pairs(('a', 'b', 'c', 'd', 'e'), 1)] == [(2, 3)]
    assert found.mistaken() == (1, 4)


def test_what_was_seen_at_each_condition():
    table = table_of([(0, 0.0), (5, 0.0), (50, 0.0), (55, 3.0)], ['day', 'night', 'day', 'fog'])
    covered = coverage(table, np.arange(4), PROXIMITY)
    assert covered == {'day': 0.75, 'night': 0.5, 'fog': 0.25}
