# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Ranks among negatives, against a slow loop."""

from hypothesis import given, settings, strategies as st
import numpy as np

from structvpr_ros.data.proximity import Relations
from structvpr_ros.evaluation.ranks import pair_ranks


def _relations(labels):
    """Label -1 is too near to everything to be a negative of anything."""
    rows = range(len(labels))
    return Relations(
        tuple(np.array([b for b in rows if b != a and labels[a] == labels[b] >= 0], np.int64)
              for a in rows),
        tuple(np.array([b for b in rows if labels[a] == labels[b] or -1 in (
            labels[a], labels[b])], np.int64) for a in rows))


def _slow_ranks(queries, database, relations):
    ranks = []
    for query, positives in enumerate(relations.positives):
        for positive in positives:
            own = float(queries[query] @ database[positive])
            ranks.append(1 + sum(
                float(queries[query] @ other) > own for row, other in enumerate(database)
                if row not in relations.excluded[query]))
    return ranks


@settings(max_examples=80, deadline=None)
@given(labels=st.lists(st.integers(-1, 3), min_size=1, max_size=12), seed=st.integers(0, 999),
       chunk=st.integers(1, 5))
def test_agrees_with_loops(labels, seed, chunk):
    # Small integers, so that scores are exact and ties happen.
    values = np.random.default_rng(seed).integers(-2, 3, (len(labels), 2)).astype(np.float32)
    relations = _relations(labels)
    assert pair_ranks(values, values, relations, chunk).tolist() == _slow_ranks(
        values, values, relations)


def test_only_negatives_above_count():
    # Row 0 asks; 1 is its positive, 2 scores as much, 3 more, 4 more but is near.
    database = np.array([[1], [0.5], [0.5], [0.9], [0.95]], np.float32)
    nothing = np.empty(0, np.int64)
    relations = Relations((np.array([1]), *[nothing] * 4), (np.array([0, 1, 4]), *[nothing] * 4))
    assert pair_ranks(database, database, relations).tolist() == [2]


def test_no_pairs_no_ranks():
    nothing = np.empty(0, np.int64)
    ranks = pair_ranks(np.ones((1, 2), np.float32), np.ones((1, 2), np.float32),
                       Relations((nothing,), (nothing,)))
    assert ranks.shape == (0,) and ranks.dtype == np.int64


def test_what_is_given_stays_as_it_is():
    values = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    kept = values.copy()
    pair_ranks(values, values, _relations([0, 0, 1, 1, 2, 2]))
    np.testing.assert_array_equal(values, kept)
