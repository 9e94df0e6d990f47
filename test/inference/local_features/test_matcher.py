# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Mutual nearest neighbours, against the definition."""

from hypothesis import given, strategies as st
import numpy as np

from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.matcher import MutualMatcher


def features(random: np.random.Generator, count: int) -> LocalFeatures:
    vectors = random.normal(size=(count, 8)).astype(np.float32)
    return LocalFeatures(random.uniform(0, 250, (count, 2)).astype(np.float32),
                         vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 10 ** 6))
def test_matches_are_each_others_best(count: int, others: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    one, other = features(random, count), features(random, others)
    similarity = one.descriptors @ other.descriptors.T
    expected = [(row, column) for row in range(count) for column in range(others)
                if similarity[row, column] >= 0.1
                and similarity[row, column] == similarity[row].max()
                and similarity[row, column] == similarity[:, column].max()]
    rows, columns = MutualMatcher(0.1).match(one, other)
    assert list(zip(rows.tolist(), columns.tolist())) == expected
