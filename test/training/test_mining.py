# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Mining: every tuple is what it claims, and its negatives are the hardest of the pool."""

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.proximity import Relations
from structvpr_ros.errors import DatasetError
from structvpr_ros.training.mining import check_minable, mine, Mining


def _relations(places):
    rows = np.arange(len(places))
    same = [rows[np.array(places) == place] for place in places]
    return Relations(tuple(np.setdiff1d(found, [row]) for row, found in enumerate(same)),
                     tuple(same))


def _mine(places, mining, seed=0, descriptors=None):
    if descriptors is None:
        descriptors = np.random.default_rng(seed).normal(size=(len(places), 4))
    return descriptors, mine(_relations(places), mining, lambda rows: descriptors[rows],
                             np.random.default_rng(seed))


@settings(max_examples=60, deadline=None)
@given(places=st.lists(st.integers(0, 5), min_size=6, max_size=30),
       negatives=st.integers(1, 3), seed=st.integers(0, 99))
def test_tuples_against_loops(places, negatives, seed):
    relations, size = _relations(places), len(places)
    mining = Mining(tuples=1000, negatives=negatives, pool=1000)
    try:
        check_minable(relations, negatives)
        descriptors, tuples = _mine(places, mining, seed)
    except DatasetError:
        return
    assert len(set(tuples[:, 0].tolist())) == len(tuples)
    for query, positive, *chosen in tuples.tolist():
        assert positive in relations.positives[query]
        scores = descriptors @ descriptors[query]
        hardest = {}  # of each other place, its most confusing image
        for other in range(size):
            place = places[other]
            if place != places[query] and (
                    place not in hardest or scores[other] > scores[hardest[place]]):
                hardest[place] = other
        expected = sorted(hardest.values(), key=lambda other: -scores[other])[:negatives]
        assert chosen == expected


def test_the_number_of_tuples_and_what_is_described_are_bounded():
    places, described = np.repeat(np.arange(50), 2).tolist(), []

    def describe(rows):
        described.append(rows)
        return np.random.default_rng(0).normal(size=(len(rows), 4))

    tuples = mine(_relations(places), Mining(tuples=7, negatives=2, pool=20), describe,
                  np.random.default_rng(0))
    assert tuples.shape == (7, 4)
    assert len(described) == 1 and len(described[0]) <= 27
    assert set(tuples[:, 2:].ravel()) <= set(described[0])


def test_one_seed_one_result_and_another_seed_another():
    places, mining = np.repeat(np.arange(20), 3).tolist(), Mining(10, 2, 30)
    descriptors = np.random.default_rng(0).normal(size=(60, 4))
    one, same, other = (_mine(places, mining, seed, descriptors)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize('places', [[0, 1, 2, 3], [0, 0, 0, 0], [0, 0, 1]])
def test_a_table_that_cannot_be_mined_is_refused(places):
    with pytest.raises(DatasetError, match='none of'):
        check_minable(_relations(places), 2)


def test_too_few_other_places_are_told():
    # Enough negatives by number, but all of one place.
    with pytest.raises(DatasetError, match='2 negatives of different places'):
        _mine([0, 0, 1, 1, 1], Mining(10, 2, 10))
