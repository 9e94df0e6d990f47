# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Recall at K: known answers, and a slow oracle."""

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.recall import rank_database, recall_at


def test_known_answers() -> None:
    ranked = np.array([[3, 1, 2], [0, 2, 1], [2, 3, 0], [1, 2, 3]])
    positives = [np.array([3]), np.array([1]), np.array([9]), np.array([2, 3])]
    assert recall_at(ranked, positives, (1, 2, 3)) == {1: 0.25, 2: 0.5, 3: 0.75}


def test_queries_that_nothing_could_answer_are_left_out() -> None:
    ranked = np.array([[0], [1]])
    assert recall_at(ranked, [np.array([0]), np.array([], int)], (1,)) == {1: 1.0}
    with pytest.raises(DatasetError, match='none of 2 queries'):
        recall_at(ranked, [np.array([], int)] * 2, (1,))


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_agrees_with_loops_and_never_falls_with_depth(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 8))
    queries = data.draw(st.integers(1, 6))
    ranked = np.array([data.draw(st.permutations(range(size))) for _ in range(queries)])
    positives = [np.array(sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1))))
                 for _ in range(queries)]
    depths = tuple(range(1, size + 1))
    recall = recall_at(ranked, positives, depths)
    for depth in depths:
        right = 0
        for answers, wanted in zip(ranked.tolist(), positives):
            if any(answer in wanted.tolist() for answer in answers[:depth]):
                right += 1
        assert recall[depth] == pytest.approx(right / queries)
    assert sorted(recall.values()) == list(recall.values())
    assert recall[size] == 1


def test_ranking_agrees_with_a_sort() -> None:
    rng = np.random.default_rng(0)
    queries = rng.normal(size=(5, 16)).astype(np.float32)
    database = rng.normal(size=(30, 16)).astype(np.float32)
    expected = np.argsort(-(queries @ database.T), axis=1)
    np.testing.assert_array_equal(rank_database(queries, database, 30), expected)
    np.testing.assert_array_equal(rank_database(queries, database, 4), expected[:, :4])
    assert rank_database(queries, database, 99).shape == (5, 30)
