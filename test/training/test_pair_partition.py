# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a query weighs in the distillation loss, against slow loops."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.partition import partition
from structvpr_ros.training.pair_partition import PairPartition
from structvpr_ros.training.weights import distillation_weights


def _partition(group, teacher_ranks, student_ranks, queries, rank_threshold=10):
    x, y = np.array(teacher_ranks), np.array(student_ranks)
    pairs = np.stack([queries, np.zeros_like(queries)], axis=1)
    return PairPartition(pairs, x, y, partition(x, y, rank_threshold),
                         distillation_weights(group, x, y, rank_threshold), group, rank_threshold)


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=12),
       st.sampled_from(('all', 's1', 's2', 'r2', 'weighted')))
def test_the_loss_over_all_queries_is_the_weighted_mean_over_the_distilled(ranks, group):
    x, y = zip(*ranks)
    queries = 1 + 2 * np.arange(len(ranks))
    try:
        found = _partition(group, x, y, queries)
    except DatasetError as error:
        assert 'nothing to distil' in str(error)
        return
    distances = np.random.default_rng(0).uniform(0, 4, len(ranks))
    distilled = [index for index, weight in enumerate(found.weights) if weight > 0]
    expected = np.mean([found.weights[index] * distances[index] for index in distilled])
    rows = found.row_weights(2 * len(ranks) + 2)
    assert np.mean(rows[queries] * distances) == pytest.approx(expected)
    assert rows[queries].mean() == pytest.approx(1)


def test_groups_of_any_size_pull_alike():
    ranks = [1, 1, 1, 1, 1, 1, 99, 99]
    for group in ('all', 's1', 's2'):
        assert _partition(group, ranks, ranks, np.arange(8)).row_weights(8).sum() == 8


def test_rows_without_a_positive_and_none_are_not_distilled():
    found = _partition('all', [1, 2], [1, 2], np.array([1, 3]))
    assert found.row_weights(5).tolist() == [0, 1, 0, 1, 0]
    assert not _partition('none', [1, 2], [1, 2], np.array([1, 3])).row_weights(5).any()
