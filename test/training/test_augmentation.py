# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Augmentation: shapes and values stay legal, both branches are framed alike."""

from hypothesis import given, settings, strategies as st
import numpy as np

from structvpr_ros.training.augmentation import Augmentation

STILL = Augmentation(crop=0, gamma=1, gain=0, blur=0, noise=0)


def _image(seed=0, size=(24, 32)):
    return np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_an_image_stays_an_image_and_the_original_stays_as_it_was(seed):
    image = _image(seed)
    kept = image.copy()
    changed = Augmentation()(image, np.random.default_rng(seed))
    assert changed.shape == image.shape and changed.dtype == np.uint8
    np.testing.assert_array_equal(image, kept)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_a_group_map_keeps_its_values(seed):
    groups = np.random.default_rng(seed).choice([0, 2, 5], (24, 32)).astype(np.uint8)
    changed = Augmentation()(groups, np.random.default_rng(seed))
    assert changed.shape == groups.shape and changed.dtype == np.uint8
    assert set(np.unique(changed)) <= {0, 2, 5}


def test_without_strength_nothing_changes():
    image = _image()
    found = STILL(image, np.random.default_rng(0)).astype(int)
    assert np.abs(found - image).max() <= 1  # the tone curve may round


def test_both_branches_are_framed_alike_by_one_seed():
    # A left half and a right half: the border must come to lie at the same column in both.
    groups = np.ones((40, 60), np.uint8)
    groups[:, 23:] = 2
    image = np.repeat((groups * 100)[:, :, None], 3, axis=2)
    framing = Augmentation(crop=0.4, gamma=1, gain=0, blur=0, noise=0)
    moved = 0
    for seed in range(20):
        one = framing(groups, np.random.default_rng(seed))
        other = framing(image, np.random.default_rng(seed))
        borders = [int((array.reshape(40, 60, -1)[0, :, 0] < level).sum())
                   for array, level in ((one, 2), (other, 150))]
        assert abs(borders[0] - borders[1]) <= 1
        moved += borders[0] != 23
    assert moved > 10


def test_one_seed_one_result():
    one, same, other = (Augmentation()(_image(), np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
