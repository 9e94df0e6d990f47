# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What becomes of a CameraInfo message; how the node hears of it is tested with the node."""

import numpy as np
import pytest

pytest.importorskip('rclpy', reason='needs ROS 2')

from sensor_msgs.msg import CameraInfo, RegionOfInterest  # noqa: E402

from structvpr_ros.errors import ImageError  # noqa: E402
from structvpr_ros.node.camera_info import to_camera_model  # noqa: E402

HEIGHT, WIDTH = 160, 200
MATRIX = [150.0, 0, 98, 0, 140, 83, 0, 0, 1]
PROJECTION = [120.0, 0, 101, -7.2, 0, 125, 78, 0, 0, 0, 1, 0]


def info(**changes):
    """Return the calibration of a lens with barrel distortion, with some fields changed."""
    message = CameraInfo(height=HEIGHT, width=WIDTH, distortion_model='plumb_bob',
                         d=[-0.3, 0.1, 0.002, -0.003, -0.01], k=MATRIX, p=PROJECTION,
                         r=[1.0, 0, 0, 0, 1, 0, 0, 0, 1])
    for name, value in changes.items():
        setattr(message, name, value)
    return message


def picture():
    """Return a smooth image, so that resampling it twice loses little."""
    rows, columns = np.indices((HEIGHT, WIDTH))
    return np.dstack([columns, rows, (columns + rows) // 2]).astype(np.uint8)


def test_the_fields_of_the_message():
    camera = to_camera_model(info())
    assert camera.size == (HEIGHT, WIDTH)
    assert camera.distortion == (-0.3, 0.1, 0.002, -0.003, -0.01)
    assert camera.matrix == tuple(MATRIX)
    assert camera.projection == (120, 0, 101, 0, 125, 78, 0, 0, 1)
    assert to_camera_model(info()) == camera and hash(to_camera_model(info())) == hash(camera)


def test_a_part_of_the_sensor_is_undistorted_like_the_whole():
    part = RegionOfInterest(x_offset=30, y_offset=20, width=140, height=110)
    whole = to_camera_model(info()).undistort(picture())[20:130, 30:170]
    cut = to_camera_model(info(roi=part)).undistort(
        np.ascontiguousarray(picture()[20:130, 30:170]))
    inner = slice(20, -20), slice(25, -25)  # round it the part shows less than the whole
    assert np.abs(cut.astype(int) - whole)[inner].max() <= 1


def test_binned_pixels_are_undistorted_like_the_whole():
    whole = to_camera_model(info()).undistort(picture())[::2, ::2].astype(int)
    binned = to_camera_model(info(binning_x=2, binning_y=2)).undistort(
        np.ascontiguousarray(picture()[::2, ::2])).astype(int)
    assert binned.shape == (80, 100, 3)
    assert (np.abs(binned - whole).max(2) <= 2).mean() > 0.95


def test_binning_and_roi_together_are_those_of_image_geometry():
    part = RegionOfInterest(x_offset=30, y_offset=20, width=141, height=110)
    camera = to_camera_model(info(roi=part, binning_x=2, binning_y=5))
    assert camera.size == (22, 70)
    assert camera.matrix == pytest.approx((75, 0, 34, 0, 28, 12.6, 0, 0, 1))
    assert camera.projection == pytest.approx((60, 0, 35.5, 0, 25, 11.6, 0, 0, 1))


def test_fields_that_were_left_out():
    camera = to_camera_model(info(distortion_model='', d=[], r=[0.0] * 9, p=[0.0] * 12))
    assert camera.rotation == (1, 0, 0, 0, 1, 0, 0, 0, 1)
    assert camera.projection == camera.matrix == tuple(MATRIX)
    assert np.array_equal(camera.undistort(picture()), picture())
    assert to_camera_model(info(d=[0.0] * 14)).distortion == ()


def test_a_fisheye_without_coefficients_is_one():
    camera = to_camera_model(info(distortion_model='equidistant', d=[0.0] * 4))
    assert camera.distortion_model == 'equidistant' and camera.distortion == (0,) * 4


@pytest.mark.parametrize('change, complaint', [
    ({'distortion_model': ''}, "found ''"),
    ({'distortion_model': 'inverse_brown_conrady'}, "found 'inverse_brown_conrady'"),
    ({'d': [0.1, 0.2, 0.3]}, 'expected 4 or 5 coefficients of plumb_bob, found 3'),
    ({'distortion_model': 'equidistant'}, 'expected 4 coefficients of equidistant, found 5'),
    ({'k': [0.0] * 9}, 'expected a calibrated camera'),
    ({'k': [float('nan')] * 9}, 'finite')])
def test_messages_that_make_no_camera_are_refused(change, complaint):
    with pytest.raises(ImageError, match=complaint):
        to_camera_model(info(**change))
