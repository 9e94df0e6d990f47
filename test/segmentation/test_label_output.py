# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From network outputs to label maps: against a slow oracle, and each thing that cannot fit."""

from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
import numpy as np
import pytest

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.label_output import label_map
from structvpr_ros.segmentation.label_set import load_label_set

CAMVID = load_label_set('camvid')
SIDES = st.integers(1, 6)


def slow_bilinear(plane: np.ndarray, height: int, width: int) -> np.ndarray:
    """Sample about pixel centres, clamped at the border."""
    result = np.empty((height, width))
    for row in range(height):
        for column in range(width):
            y = min(max((row + 0.5) * plane.shape[0] / height - 0.5, 0), plane.shape[0] - 1)
            x = min(max((column + 0.5) * plane.shape[1] / width - 0.5, 0), plane.shape[1] - 1)
            top, left = int(y), int(x)
            bottom = min(top + 1, plane.shape[0] - 1)
            right = min(left + 1, plane.shape[1] - 1)
            upper = plane[top, left] * (1 - x + left) + plane[top, right] * (x - left)
            lower = plane[bottom, left] * (1 - x + left) + plane[bottom, right] * (x - left)
            result[row, column] = upper * (1 - y + top) + lower * (y - top)
    return result


@given(SIDES, SIDES, SIDES, SIDES, st.integers(0, 2**32 - 1))
def test_logits_are_enlarged_before_the_best_is_taken(h: int, w: int, up: int, along: int,
                                                      seed: int) -> None:
    logits = np.random.default_rng(seed).normal(size=(1, 11, h, w)).astype(np.float32)
    size = (h * up, w * along)
    labels = label_map(logits, CAMVID, size)
    assert labels.shape == size and labels.dtype == np.uint8
    planes = np.stack([slow_bilinear(plane, *size) for plane in logits[0]])
    # Where two classes tie within rounding, either will do.
    chosen = np.take_along_axis(planes, labels[None].astype(int), axis=0)[0]
    assert (chosen >= planes.max(axis=0) - 1e-3).all()


@given(arrays(np.float32, (1, 12, 3, 4), elements=st.integers(-3, 3)))
def test_logits_at_the_images_size_are_argmax(logits: np.ndarray) -> None:
    np.testing.assert_array_equal(label_map(logits, CAMVID, (3, 4)), logits[0].argmax(axis=0))


@pytest.mark.parametrize('dtype', [np.int64, np.int32, np.uint8, np.float32, np.bool_])
@pytest.mark.parametrize('shape', [(1, 2, 3), (1, 1, 2, 3)])
def test_ids_are_enlarged_by_nearest_neighbour(dtype: type, shape: tuple[int, ...]) -> None:
    ids = np.array([[0, 1, 0], [1, 0, 1]]).astype(dtype).reshape(shape)
    expected = np.kron(ids.reshape(2, 3), np.ones((2, 2)))
    np.testing.assert_array_equal(label_map(ids, CAMVID, (4, 6)), expected)


@pytest.mark.parametrize('channels', [2, 10, 13, 150])
def test_another_number_of_classes(channels: int) -> None:
    with pytest.raises(SegmentationError, match=f"12 or 11 classes.*'camvid'.*found {channels}"):
        label_map(np.zeros((1, channels, 2, 2), np.float32), CAMVID, (2, 2))


@pytest.mark.parametrize('value, part', [
    (12, 'class id 12 is not in label set'), (-1, 'found -1'), (256, 'found 256'),
    (0.5, 'found 0.5')])
def test_ids_outside_the_label_set(value: float, part: str) -> None:
    ids = np.zeros((1, 2, 2), type(value))
    ids[0, 1, 1] = value
    with pytest.raises(SegmentationError, match=part):
        label_map(ids, CAMVID, (2, 2))


@pytest.mark.parametrize('shape', [
    (2, 2), (2, 12, 4, 4), (2, 4, 4), (1, 12, 0, 4), (1, 1, 1, 2, 2), ()])
def test_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(SegmentationError, match='expected logits'):
        label_map(np.zeros(shape, np.float32), CAMVID, (2, 2))


@pytest.mark.parametrize('value', [np.nan, np.inf])
def test_numbers_that_are_none(value: float) -> None:
    logits = np.zeros((1, 12, 2, 2), np.float32)
    logits[0, 3, 1, 1] = value
    with pytest.raises(SegmentationError, match='finite'):
        label_map(logits, CAMVID, (2, 2))
