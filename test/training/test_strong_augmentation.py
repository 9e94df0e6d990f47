# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Strong augmentation: what it may change, and what it must not."""

import numpy as np
import pytest

from structvpr_ros.training.augmentations import AUGMENTS
from structvpr_ros.training.weather import fog, night, snow, WEATHERS

STRONG = AUGMENTS['strong']
IMAGE = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)


@pytest.mark.parametrize('shape', [(48, 64, 3), (33, 41, 3), (8, 8, 3), (240, 320, 3)])
def test_images_keep_shape_and_type(shape):
    image = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    before = image.copy()
    for seed in range(30):
        changed = STRONG(image, np.random.default_rng(seed))
        assert changed.shape == shape and changed.dtype == np.uint8
    np.testing.assert_array_equal(image, before)


def test_group_maps_move_but_keep_their_values():
    groups = np.random.default_rng(2).choice(np.uint8([0, 2, 5]), (48, 64))
    changed = [STRONG(groups, np.random.default_rng(seed)) for seed in range(20)]
    assert all(set(np.unique(one)) <= {0, 2, 5} for one in changed)
    assert any((one != groups).any() for one in changed)


def test_changes_depend_on_the_generator_alone():
    first, same, other = (STRONG(IMAGE, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_nothing_changes_without_augmentation():
    assert AUGMENTS['none'](IMAGE, np.random.default_rng(0)) is IMAGE


@pytest.mark.parametrize('weather', WEATHERS)
def test_weathers_are_images(weather):
    for seed in range(10):
        changed = weather(IMAGE, np.random.default_rng(seed))
        assert changed.shape == IMAGE.shape and changed.dtype == np.uint8
        assert (changed != IMAGE).any()


def test_fog_takes_contrast_most_where_it_is_far():
    spread = fog(IMAGE, np.random.default_rng(0)).astype(float).std(axis=(1, 2))
    assert spread.mean() < IMAGE.std(axis=(1, 2)).mean()
    assert spread[:10].mean() < spread[-10:].mean()


def test_night_is_dark_but_for_lamps():
    nights = np.stack([night(IMAGE, np.random.default_rng(seed)) for seed in range(10)])
    assert np.median(nights) < np.median(IMAGE) / 2


def test_snow_whitens_the_green_first():
    image = np.zeros((40, 40, 3), np.uint8)
    image[:, :20], image[:, 20:] = (30, 160, 30), (90, 60, 90)
    changed = snow(image, np.random.default_rng(3)).astype(int)
    gain = (changed - image).sum(axis=2)
    assert gain[:10, :20].mean() > gain[:10, 20:].mean()
