# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The second stage overrules the first where that is clear, and only there."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.matcher import MutualMatcher
from structvpr_ros.matching.reranking import rerank, verified_scores, verify

COUNTS = st.lists(st.integers(0, 512), min_size=1, max_size=10).map(np.array)


@pytest.mark.parametrize('inliers, expected', [
    ([0], [0]),
    ([0, 0, 0], [0, 1, 2]),
    ([50, 60, 20], [0, 1, 2]),  # within chance: a lead of 10, deviation 10.5
    ([20, 60, 30], [1, 0, 2]),
    ([0, 11, 5], [0, 1, 2]),  # too few to mean anything
    ([0, 5, 12], [2, 0, 1]),
    ([9, 40, 30, 100], [3, 0, 1, 2]),
    ([10, 100, 100], [1, 0, 2])])
def test_only_a_clear_winner_moves(inliers: list[int], expected: list[int]) -> None:
    assert rerank(np.array(inliers)).tolist() == expected


@given(COUNTS)
def test_others_keep_their_order(inliers: np.ndarray) -> None:
    order = rerank(inliers)
    assert sorted(order) == list(range(len(inliers)))
    assert np.all(np.diff(np.delete(order, 0)) > 0)
    if order[0] != 0:
        assert inliers[order[0]] == inliers.max() >= 12 > 0
        assert inliers[order[0]] - inliers[0] > 2 * np.sqrt(inliers[order[0]] + inliers[0])


@given(COUNTS)
def test_scores_fall_and_the_first_has_its_own(inliers: np.ndarray) -> None:
    scores = verified_scores(inliers)
    assert scores.dtype == np.float32
    assert scores[0] == inliers[0] and np.all(np.diff(scores) <= 0)
    assert np.all(scores <= inliers)


def test_every_frame_is_verified() -> None:
    random = np.random.default_rng(0)
    descriptors = np.linalg.qr(random.normal(size=(64, 64)))[0].astype(np.float32)
    points = random.uniform(0, 250, (64, 2)).astype(np.float32)
    some = LocalFeatures(points, descriptors)
    none = LocalFeatures(points[:0], descriptors[:0])
    matcher = MutualMatcher(0.5)
    assert verify(some, [none, some, none], matcher).tolist() == [0, 64, 0]
    assert verify(none, [], matcher).shape == (0,)
