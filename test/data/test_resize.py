# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The one resize: sizes, averages, and what it refuses."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.resize import resize
from structvpr_ros.errors import ImageError


def random_image(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


sides = st.integers(1, 40)
factors = st.sampled_from((2, 3, 4, 8))


@given(sides, sides, sides, sides)
def test_any_size_to_any_size(height, width, new_height, new_width):
    resized = resize(random_image(height, width), (new_height, new_width))
    assert resized.shape == (new_height, new_width, 3)
    assert resized.dtype == np.uint8


@given(sides, sides, sides, sides, st.integers(0, 255))
def test_a_plain_image_stays_plain(height, width, new_height, new_width, grey):
    image = np.full((height, width, 3), grey, np.uint8)
    assert (resize(image, (new_height, new_width)) == grey).all()


@given(st.integers(1, 9), st.integers(1, 9), factors, factors)
def test_shrinking_by_whole_factors_averages_blocks(height, width, down, across):
    image = random_image(height * down, width * across)
    blocks = image.reshape(height, down, width, across, 3).astype(np.float64)
    expected = blocks.mean(axis=(1, 3))
    assert np.abs(resize(image, (height, width)) - expected).max() <= 1.5


def area_mean(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    def shares(old: int, new: int) -> np.ndarray:
        # Of each old pixel, how much of it lies in each new one.
        edges = np.arange(new + 1)[:, np.newaxis] * old / new
        covered = np.clip(edges - np.arange(old), 0.0, 1.0)
        return np.diff(covered, axis=0) * new / old
    columns = np.einsum('jw,hwc->hjc', shares(image.shape[1], size[1]), image.astype(float))
    return np.einsum('ih,hjc->ijc', shares(image.shape[0], size[0]), columns)


@given(st.integers(16, 120), st.integers(16, 120), st.integers(4, 16), st.integers(4, 16),
       st.integers(0, 9))
def test_shrinking_a_smooth_image_is_close_to_the_mean_of_areas(
        height, width, new_height, new_width, seed):
    waves = np.random.default_rng(seed).uniform(0, 4, (3, 3))
    down, across = np.mgrid[:height, :width]
    image = np.stack([127.5 + 127 * np.sin(phase + across / width * x + down / height * y)
                      for x, y, phase in waves], axis=2).astype(np.uint8)
    size = (new_height, new_width)
    assert np.abs(resize(image, size) - area_mean(image, size)).max() <= 6.0


def test_same_size_is_the_same_array():
    image = random_image(12, 16)
    assert resize(image, (12, 16)) is image


def test_source_may_be_read_only_and_strided():
    image = random_image(24, 32)
    view = image[::2, ::-1]
    view.flags.writeable = False
    np.testing.assert_array_equal(resize(view, (6, 8)), resize(view.copy(), (6, 8)))


@pytest.mark.parametrize('image', [
    np.zeros((0, 0, 3), np.uint8), np.zeros((4, 0, 3), np.uint8), np.zeros((4, 4), np.uint8),
    np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3), np.float32),
    np.zeros((1, 4, 4, 3), np.uint8), None, [[1, 2, 3]]])
def test_no_rgb_image(image):
    with pytest.raises(ImageError, match=r'expected an RGB image, uint8 \(H, W, 3\), found'):
        resize(image, (2, 2))
