# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Undistortion against where the points of the world fall, computed from the formulas."""

from dataclasses import replace
import math

import cv2
import numpy as np
import pytest

from structvpr_ros.errors import ImageError
from structvpr_ros.inference.camera_model import CameraModel, NEUTRAL

SIZE = (160, 200)
EYE = (1.0, 0, 0, 0, 1, 0, 0, 0, 1)
MATRIX = (150.0, 0, 98, 0, 140, 83, 0, 0, 1)
BARREL = CameraModel(SIZE, 'plumb_bob', (-0.3, 0.1, 0.002, -0.003, -0.01), MATRIX, EYE,
                     (120.0, 0, 101, 0, 125, 78, 0, 0, 1))
TURN = tuple(cv2.Rodrigues(np.array([0.02, -0.03, 0.05]))[0].ravel().tolist())


def where_it_is():
    """Return an image whose red is the column of each pixel, and whose green is its row."""
    rows, columns = np.indices(SIZE)
    return np.dstack([columns, rows, np.full(SIZE, 50)]).astype(np.uint8)


def rays(camera):
    """Return (H, W, 3), the direction in the camera's frame that each undistorted pixel sees."""
    rows, columns = np.indices(SIZE)
    pixels = np.stack([columns, rows, np.ones(SIZE)], 2)
    unproject = np.linalg.inv(np.reshape(camera.projection, (3, 3)))
    # Rows times matrix: the transpose of the inverse of a rotation is the rotation.
    return pixels @ unproject.T @ np.reshape(camera.rotation, (3, 3))


def project(camera):
    """Return (H, W, 2), the distorted pixel that each undistorted one shows, by OpenCV."""
    points = rays(camera).reshape(-1, 1, 3)
    pixels, _ = cv2.projectPoints(points, np.zeros(3), np.zeros(3),
                                  np.reshape(camera.matrix, (3, 3)), np.array(camera.distortion))
    return pixels.reshape(*SIZE, 2)


def project_fisheye(camera):
    """Return the same for the model of Kannala and Brandt, written out."""
    x, y, z = np.moveaxis(rays(camera), 2, 0)
    radius = np.hypot(x, y)
    angle = np.arctan2(radius, z)
    bent = angle + sum(k * angle ** (3 + 2 * power)
                       for power, k in enumerate(camera.distortion or (0, 0, 0, 0)))
    scale = bent / np.maximum(radius, 1e-12)
    fx, _, cx, _, fy, cy, *_ = camera.matrix
    return np.stack([fx * scale * x + cx, fy * scale * y + cy], 2)


def check(camera, expected):
    """Compare what an undistorted image shows with where its pixels should come from."""
    seen = camera.undistort(where_it_is())
    inside = ((expected > 1) & (expected < np.array(SIZE[::-1]) - 2)).all(2)
    assert inside.mean() > 0.2
    np.testing.assert_allclose(seen[..., :2][inside].astype(float), expected[inside], atol=0.6)
    outside = ((expected < -1) | (expected > np.array(SIZE[::-1]))).any(2)
    assert (seen[outside] == NEUTRAL).all()


@pytest.mark.parametrize('camera', [
    BARREL,
    replace(BARREL, distortion=(0.2, 0.05, 0.001, 0.002)),
    replace(BARREL, rotation=TURN),
    replace(BARREL, distortion_model='rational_polynomial',
            distortion=(0.4, 0.1, 0.001, -0.002, 0.01, 0.7, 0.15, 0.02)),
    replace(BARREL, distortion=()),
    replace(BARREL, distortion=(), projection=MATRIX)])
def test_pixels_come_from_where_opencv_projects_them(camera):
    check(camera, project(camera))


@pytest.mark.parametrize('camera', [
    replace(BARREL, distortion_model='equidistant', distortion=(0.05, -0.02, 0.004, -0.001)),
    replace(BARREL, distortion_model='equidistant', distortion=(0.0,) * 4, rotation=TURN,
            projection=(60.0, 0, 101, 0, 60, 78, 0, 0, 1)),
    replace(BARREL, distortion_model='equidistant', distortion=())])
def test_fisheye_pixels_come_from_where_the_angle_says(camera):
    check(camera, project_fisheye(camera))


def test_no_distortion_changes_nothing():
    picture = np.random.default_rng(2).integers(0, 256, (*SIZE, 3), np.uint8)
    same = replace(BARREL, distortion=(), projection=MATRIX)
    assert np.array_equal(same.undistort(picture), picture)
    assert same == replace(same) and hash(same) == hash(replace(same))


def test_an_image_of_another_size_is_refused():
    with pytest.raises(ImageError, match='image of 200x160, .* found 160x200'):
        BARREL.undistort(np.zeros((200, 160, 3), np.uint8))


@pytest.mark.parametrize('change, complaint', [
    ({'distortion_model': 'inverse_brown'}, "found 'inverse_brown'"),
    ({'distortion_model': ''}, "equidistant; found ''"),
    ({'distortion': (0.1,) * 8}, 'expected 4 or 5 coefficients of plumb_bob, found 8'),
    ({'distortion': (0.1, math.nan, 0, 0, 0)}, 'finite'),
    ({'rotation': (math.inf,) * 9}, 'finite'),
    ({'matrix': (0.0,) * 9}, 'focal length of 0, 0'),
    ({'projection': (100.0, 0, 0, 0, -1, 0, 0, 0, 1)}, 'focal length of 100, -1')])
def test_what_is_no_camera_is_refused(change, complaint):
    with pytest.raises(ImageError, match=complaint):
        replace(BARREL, **change)
