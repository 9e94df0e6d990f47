# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The weights: what the poster says of them in words, and a slow oracle of what we chose."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.partition import partition
from structvpr_ros.training.weights import distillation_weights, knowledge_weights

RANK = st.integers(1, 60)
THRESHOLD = st.integers(1, 40)
PAIRS = st.lists(st.tuples(RANK, RANK), min_size=1, max_size=30)


def _one(x, y, threshold):
    return float(knowledge_weights(np.array([x]), np.array([y]), threshold)[0])


@given(RANK, RANK, THRESHOLD)
def test_agrees_with_the_formula(x, y, threshold):
    level = max(0, 1 - (x - 1) / threshold)
    expected = level * (1 + math.tanh((y - x) / threshold))
    assert _one(x, y, threshold) == pytest.approx(expected)


@given(RANK, RANK, RANK, THRESHOLD)
def test_grows_with_the_gap_at_one_level(x, y, other, threshold):
    low, high = sorted((y, other))
    assert _one(x, low, threshold) <= _one(x, high, threshold)


@given(RANK, RANK, st.integers(-20, 20), THRESHOLD)
def test_grows_with_the_knowledge_at_one_gap(x, other, gap, threshold):
    knows, less = sorted((x, other))
    assert _one(knows, knows + gap, threshold) >= _one(less, less + gap, threshold)


@given(RANK, st.integers(1, 10**9), THRESHOLD)
def test_is_bounded_and_positive_just_where_the_teacher_is_right(x, y, threshold):
    weight = _one(x, y, threshold)
    assert 0 <= weight <= 2
    assert (weight > 0) == (x <= threshold)


@given(PAIRS, THRESHOLD)
def test_the_mean_over_distilled_pairs_is_one_and_d4_is_zero(ranks, threshold):
    x, y = np.array(ranks).T
    if (x > threshold).all():
        with pytest.raises(DatasetError, match='none of'):
            distillation_weights('weighted', x, y, threshold)
        return
    weights = distillation_weights('weighted', x, y, threshold)
    assert weights[weights > 0].mean() == pytest.approx(1)
    np.testing.assert_array_equal(weights == 0, partition(x, y, threshold) == 4)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(ranks, random):
    x, y = np.array([*ranks, (1, 1)]).T
    order = list(range(len(x)))
    random.shuffle(order)
    np.testing.assert_allclose(distillation_weights('weighted', x, y)[order],
                               distillation_weights('weighted', x[order], y[order]))


def test_the_settings_of_the_ablation():
    x, y = np.array([1, 1, 3, 50, 60]), np.array([40, 1, 2, 50, 3])
    chosen = {'none': [], 'all': [0, 1, 2, 3, 4], 'control': [0, 1, 2, 3, 4],
              'd1': [0], 'd2': [1], 'd3': [2], 'd4': [3, 4], 's1': [0, 1, 2], 's2': [3, 4],
              'r1': [1, 2, 4], 'r2': [0, 3]}
    for group, rows in chosen.items():
        expected = np.isin(np.arange(5), rows).astype(float)
        np.testing.assert_array_equal(distillation_weights(group, x, y), expected, group)


@given(PAIRS, THRESHOLD)
def test_one_factor_alone_weighs_the_same_pairs(ranks, threshold):
    x, y = np.array([*ranks, (1, 1)]).T
    taught = x <= threshold
    level = np.where(taught, 1 - (x - 1) / threshold, 0)
    gain = np.where(taught, 1 + np.tanh((y - x) / threshold), 0)
    for group, factor in (('level', level), ('gain', gain)):
        weights = distillation_weights(group, x, y, threshold)
        np.testing.assert_allclose(weights, factor / factor[taught].mean())
        np.testing.assert_array_equal(weights > 0, taught)
    np.testing.assert_allclose(knowledge_weights(x, y, threshold), level * gain)


def test_an_empty_group_has_nothing_to_distil():
    with pytest.raises(DatasetError, match="none of 1 .* in group 'd4' at a rank threshold of 10"):
        distillation_weights('d4', np.array([1]), np.array([1]))
