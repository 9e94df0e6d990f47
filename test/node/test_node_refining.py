# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The running node that refines poses: where it looks, told by a camera and a map's features."""

import math

import cv2
import numpy as np
import pytest

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.place_map.build import build_map, BuildMapOptions

MATRIX = np.array([[220.0, 0, 159.5], [0, 220.0, 127.5], [0, 0, 1]])
HEADING, TURN = 0.5, 0.15


@pytest.fixture(scope='module')
def robot(make_robot):
    return make_robot('/refining')


@pytest.fixture(scope='module')
def poses(robot):
    """Give the list of all that comes on vpr/pose."""
    from geometry_msgs.msg import PoseWithCovarianceStamped
    return robot.listen(PoseWithCovarianceStamped, 'vpr/pose')


def picture(seed):
    blocks = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), np.uint8)
    return cv2.resize(blocks, (320, 256), interpolation=cv2.INTER_NEAREST)


def turned(image, angle):
    """Return what the camera sees after a turn to the left."""
    rotation = cv2.Rodrigues(np.array([0.0, angle, 0.0]))[0]
    return cv2.warpPerspective(image, MATRIX @ rotation @ np.linalg.inv(MATRIX), (320, 256))


@pytest.fixture(scope='module')
def folder(tiny_bundle, tmp_path_factory):
    """Give a map of two places with local features."""
    root = tmp_path_factory.mktemp('turning')
    names = ('images/a.png', 'images/b.png')
    for seed, name in enumerate(names):
        write_image(root / name, picture(seed))
    write_place_dataset(PlaceTable(
        root, names, ('a', 'b'), np.array([(0.0, 0.0), (40.0, 0.0)]), np.full(2, HEADING),
        ('', ''), ('', '')))
    return build_map(BuildMapOptions(root, tiny_bundle, root / 'map', local_features='xfeat'))


def calibration():
    from sensor_msgs.msg import CameraInfo
    numbers = MATRIX.ravel().tolist()
    return CameraInfo(width=320, height=256, distortion_model='plumb_bob', k=numbers,
                      r=np.eye(3).ravel().tolist(),
                      p=[*numbers[:3], 0.0, *numbers[3:6], 0.0, *numbers[6:], 0.0])


def headings(robot, poses, image, stamp):
    """Return the heading that an image gets, once its calibration has come."""
    message = robot.raw(image)
    message.header.stamp.sec = stamp

    def found():
        robot.publish(calibration(), 'camera_info')
        return [pose for pose in poses if pose.header.stamp.sec == stamp]

    robot.publish_until(found, message)
    orientation = found()[0].pose.pose.orientation
    return 2 * math.atan2(orientation.z, orientation.w), found()[0].pose.covariance[35]


def test_the_heading_is_where_the_camera_looks(start, robot, poses, folder, tiny_map):
    with start('-r', '__ns:=/refining', '-p', f'map:={folder}', '-p', 'min_score:=-1.0',
               '-p', 'camera_info:=true', '-p', 'min_heading_std:=0.05') as node:
        node.wait_for('waiting for images')
        image = turned(picture(0), TURN)
        plain, _ = headings(robot, poses, image, 6000)
        assert plain == pytest.approx(HEADING, abs=1e-3)
        assert robot.set_parameter('refine_pose', True).successful
        better, variance = headings(robot, poses, image, 6001)
        assert better == pytest.approx(HEADING + TURN, abs=0.03)
        assert variance == pytest.approx(0.05 ** 2)
        node.wait_for(f'poses are refined in {folder}')
        # Nothing matches, nothing changes; nor does it in a map without features.
        assert headings(robot, poses, np.full_like(image, 90), 6002)[0] == pytest.approx(
            HEADING, abs=1e-3)
        assert robot.set_parameter('map', str(tiny_map)).successful
        assert robot.trigger('load_map').success
        headings(robot, poses, image, 6003)
        node.wait_for('poses are not refined')
        assert 'Traceback' not in node.said()


def test_it_needs_a_calibration(start, robot):
    with start('-r', '__ns:=/refining') as node:
        node.wait_for('waiting for images')
        refusal = robot.set_parameter('refine_pose', True)
        assert not refusal.successful and 'expected camera_info as well' in refusal.reason
