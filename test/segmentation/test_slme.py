# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""SLME against slow oracles, and its properties."""

from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
import numpy as np
import pytest

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.groups import DEFAULT_WEIGHTS, GROUPS, VOID
from structvpr_ros.segmentation.label_set import LabelSet, load_label_set
from structvpr_ros.segmentation.slme import (
    check_ids, group_map, resize_labels, weighted_one_hot)

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))
WEIGHTS = st.lists(st.floats(0, 2, width=32), min_size=6, max_size=6)


def maps(highest: int) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.uint8, SHAPES, elements=st.integers(0, highest))


CAMVID, MAPILLARY, CITYSCAPES = (
    load_label_set(name) for name in ('camvid', 'mapillary_vistas', 'cityscapes_train_id'))


def slow_group_map(labels: np.ndarray, label_set: LabelSet) -> np.ndarray:
    groups = np.empty(labels.shape, np.uint8)
    for row in range(labels.shape[0]):
        for column in range(labels.shape[1]):
            group = label_set.groups[int(labels[row, column])]
            groups[row, column] = 0 if group == 'void' else GROUPS.index(group) + 1
    return groups


def slow_one_hot(groups: np.ndarray, weights: list[float]) -> np.ndarray:
    maps = np.zeros((len(weights), *groups.shape), np.float32)
    for row in range(groups.shape[0]):
        for column in range(groups.shape[1]):
            if groups[row, column] > 0:
                channel = groups[row, column] - 1
                maps[channel, row, column] = weights[channel]
    return maps


@given(maps(65))
def test_group_map_equals_the_loop(labels: np.ndarray) -> None:
    groups = group_map(labels, MAPILLARY)
    assert groups.dtype == np.uint8
    np.testing.assert_array_equal(groups, slow_group_map(labels, MAPILLARY))


@given(maps(6), WEIGHTS)
def test_weighted_one_hot_equals_the_loop(groups: np.ndarray, weights: list[float]) -> None:
    one_hot = weighted_one_hot(groups, weights)
    assert one_hot.dtype == np.float32 and one_hot.shape == (6, *groups.shape)
    np.testing.assert_array_equal(one_hot, slow_one_hot(groups, weights))


@given(maps(6), WEIGHTS)
def test_a_pixel_sums_to_the_weight_of_its_group(groups: np.ndarray,
                                                 weights: list[float]) -> None:
    one_hot = weighted_one_hot(groups, weights)
    expected = np.array([0, *weights], np.float32)[groups]
    np.testing.assert_array_equal(one_hot.sum(axis=0), expected)
    assert (np.count_nonzero(one_hot, axis=0) <= 1).all()


def test_void_is_nothing_and_default_weights_are_the_methods() -> None:
    one_hot = weighted_one_hot(np.arange(7, dtype=np.uint8)[None],
                               tuple(DEFAULT_WEIGHTS.values()))
    assert (one_hot[:, 0, VOID] == 0).all()
    np.testing.assert_array_equal(one_hot[:, 0, 1:],
                                  np.diag(np.float32([1, 1, 0.5, 0.5, 0.5, 0.1])))


@given(maps(255))
def test_an_unknown_id_is_named(labels: np.ndarray) -> None:
    unknown = sorted({int(i) for i in labels.ravel()} - set(CITYSCAPES.names))
    if not unknown:
        check_ids(labels, CITYSCAPES)
        return
    for function in (check_ids, group_map):
        with pytest.raises(SegmentationError) as caught:
            function(labels, CITYSCAPES)
        assert str(caught.value) == (
            f"class id {unknown[0]} is not in label set 'cityscapes_train_id' (ids 0..18, 255)")


@given(maps(255), SHAPES)
def test_resizing_never_invents_ids(labels: np.ndarray, size: tuple[int, int]) -> None:
    resized = resize_labels(labels, size)
    assert resized.shape == size and resized.dtype == np.uint8
    assert set(resized.ravel()) <= set(labels.ravel())


@given(maps(11), SHAPES)
def test_resizing_and_clustering_commute(labels: np.ndarray, size: tuple[int, int]) -> None:
    np.testing.assert_array_equal(group_map(resize_labels(labels, size), CAMVID),
                                  resize_labels(group_map(labels, CAMVID), size))


@given(maps(255))
def test_resizing_samples_at_pixel_centres(labels: np.ndarray) -> None:
    enlarged = np.kron(labels, np.ones((3, 3), np.uint8))
    np.testing.assert_array_equal(resize_labels(labels, enlarged.shape), enlarged)
    # The pixel taken of each 3 x 3 block is its middle: plain INTER_NEAREST takes its corner.
    marked = np.zeros_like(enlarged)
    marked[1::3, 1::3] = labels
    np.testing.assert_array_equal(resize_labels(marked, labels.shape), labels)
