# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What is left of an image: mask, region, and both after the camera."""

import cv2
import numpy as np
import pytest

from structvpr_ros.data.image_files import write_image
from structvpr_ros.errors import ConfigurationError, ImageError
from structvpr_ros.inference.camera_model import CameraModel, NEUTRAL
from structvpr_ros.inference.view import check_region, read_mask, View, WHOLE

PICTURE = np.random.default_rng(4).integers(0, 256, (40, 60, 3), np.uint8)
EYE = (1.0, 0, 0, 0, 1, 0, 0, 0, 1)


def test_without_anything_it_is_the_image_itself():
    assert View().apply(PICTURE) is PICTURE


def test_the_intrinsic_matrix_is_that_of_what_is_seen():
    assert View().matrix is None
    camera = CameraModel((40, 60), 'plumb_bob', (), (50.0, 0, 30, 0, 50, 20, 0, 0, 1), EYE,
                         (48.0, 0, 31, 0, 47, 21, 0, 0, 1))
    np.testing.assert_array_equal(View(camera).matrix, [[48, 0, 31], [0, 47, 21], [0, 0, 1]])
    np.testing.assert_array_equal(View(camera, region=(10, 4, 20, 20)).matrix,
                                  [[48, 0, 21], [0, 47, 17], [0, 0, 1]])


def test_black_of_the_mask_is_neutral_and_the_rest_remains():
    mask = np.full((40, 60), 255, np.uint8)
    mask[30:] = 0
    mask[0, 0] = 1  # anything but black shows
    before = PICTURE.copy()
    seen = View(mask=mask).apply(PICTURE)
    assert (seen[30:] == NEUTRAL).all()
    assert np.array_equal(seen[:30], PICTURE[:30])
    assert np.array_equal(PICTURE, before)


def test_a_mask_is_stretched_without_new_values():
    mask = np.zeros((4, 6), np.uint8)
    mask[1:3, 2:5] = 255
    seen = View(mask=mask).apply(PICTURE)
    expected = np.kron(mask, np.ones((10, 10), np.uint8)) > 0
    assert np.array_equal(seen[expected], PICTURE[expected])
    assert (seen[~expected] == NEUTRAL).all()


@pytest.mark.parametrize('region', [(0, 0, 60, 40), (5, 7, 20, 10), (59, 39, 1, 1)])
def test_a_region_is_cut_out(region):
    x, y, width, height = region
    seen = View(region=region).apply(PICTURE)
    assert np.array_equal(seen, PICTURE[y:y + height, x:x + width])
    assert seen.flags.c_contiguous


@pytest.mark.parametrize('region', [(0, 0, 61, 1), (41, 0, 20, 1), (0, 39, 1, 2)])
def test_a_region_beyond_the_image_is_refused(region):
    with pytest.raises(ImageError, match='found 60x40'):
        View(region=region).apply(PICTURE)


def test_mask_and_region_are_of_the_undistorted_image():
    lens = (50.0, 0, 30, 0, 50, 20, 0, 0, 1)
    camera = CameraModel((40, 60), 'plumb_bob', (-0.3, 0.1, 0, 0), lens, EYE, lens)
    mask = np.full((40, 60), 255, np.uint8)
    mask[:, :20] = 0
    straight = camera.undistort(PICTURE)
    straight[:, :20] = NEUTRAL
    assert np.array_equal(View(camera, mask, (10, 5, 30, 20)).apply(PICTURE),
                          straight[5:25, 10:40])


@pytest.mark.parametrize('region', [WHOLE, (0, 0, 1, 1), (3, 4, 50, 60)])
def test_regions_that_some_image_holds(region):
    check_region(region)


@pytest.mark.parametrize('region', [
    (), (1, 2, 3), (0, 0, 0, 5), (0, 0, 5, 0), (-1, 0, 5, 5), (1, 0, 0, 0), (0,) * 5])
def test_regions_that_no_image_holds(region):
    with pytest.raises(ConfigurationError, match='x, y, width and height'):
        check_region(region)


def test_masks_come_from_any_image_file(tmp_path):
    grey = np.zeros((4, 6), np.uint8)
    grey[1:3] = 255
    for name, image in (('grey.png', grey), ('colour.png', np.dstack([grey, grey * 0, grey]))):
        write_image(tmp_path / name, image)
        mask = read_mask(tmp_path / name)
        assert mask.dtype == np.uint8 and np.array_equal(mask > 0, grey > 0)


def test_masks_that_hide_everything_or_are_missing_are_told(tmp_path):
    cv2.imwrite(str(tmp_path / 'black.png'), np.zeros((4, 6), np.uint8))
    with pytest.raises(ImageError, match='black everywhere'):
        read_mask(tmp_path / 'black.png')
    with pytest.raises(ImageError, match='nowhere'):
        read_mask(tmp_path / 'nowhere.png')
