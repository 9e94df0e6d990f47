# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Poses from transforms, against matrices that are multiplied by hand."""

import math

import numpy as np
import pytest
from scipy.spatial.transform import Rotation, Slerp

from structvpr_ros.data.bags.bag import open_bag
from structvpr_ros.data.bags.options import BagOptions
from structvpr_ros.data.bags.scan import scan_bags
from structvpr_ros.data.bags.topics import transform_topics
from structvpr_ros.data.bags.transforms import read_transforms
from structvpr_ros.errors import DatasetError

START = 1_700_000_000.0
NONE = (0.0, 0.0, 0.0, 1.0)
# A camera 0.3 m ahead of the base, in the axes of an optical frame.
OPTICAL = (-0.5, 0.5, -0.5, 0.5)
MOUNT = (0.3, 0.0, 1.2)


def turned(heading: float) -> np.ndarray:
    return Rotation.from_euler('z', heading).as_quat()


@pytest.fixture
def robot(drive):
    """Record map -> odom -> base_link, which moves, -> camera, which is fixed, and images."""
    drive.transform(START, 'base_link', 'camera', MOUNT, OPTICAL, '/tf_static')
    for step in range(5):
        drive.transform(START + step, 'map', 'odom', (10.0, step, 0.0), turned(0.1 * step))
        drive.transform(START + step, 'odom', 'base_link', (3.0 * step, 0.0, 0.0), turned(0.5))
        drive.transform(START + step, 'base_link', 'wheel', (0.0, 0.0, 0.0), NONE)
    for step in range(9):
        drive.image(START + step / 2, np.full((6, 8, 3), step, np.uint8))
    return drive


def expected(step: float) -> tuple[float, float, float]:
    turns = Slerp(range(5), Rotation.from_euler('z', [[0.1 * known] for known in range(5)]))
    odom, base = np.eye(4), np.eye(4)
    odom[:3, :3], odom[:3, 3] = turns(step).as_matrix(), (10.0, step, 0.0)
    base[:3, :3] = Rotation.from_euler('z', 0.5).as_matrix()
    base[:3, 3] = (3.0 * step, 0.0, 0.0)
    place = odom @ base @ [*MOUNT, 1.0]
    return place[0], place[1], 0.1 * step + 0.5


def test_the_camera_is_followed(robot):
    [images] = scan_bags(BagOptions((robot.close(),), distance=0.0), 'map')
    assert len(images.entries) == 9
    for number, entry in enumerate(images.entries):
        assert (entry.x, entry.y, entry.heading) == pytest.approx(expected(number / 2))


def test_another_frame_is_followed_if_asked_for(robot):
    [images] = scan_bags(
        BagOptions((robot.close(),), pose_frame='base_link', pose_topic='/tf'), 'odom')
    assert [entry.x for entry in images.entries] == pytest.approx([0, 3, 6, 9, 12])
    assert all((entry.y, entry.heading) == pytest.approx((0.0, 0.5)) for entry in images.entries)


def test_a_frame_that_nothing_leads_to(robot):
    with pytest.raises(DatasetError, match='expected transforms that lead from world to camera, '
                       'found the frames base_link, camera, map, odom, wheel'):
        scan_bags(BagOptions((robot.close(),)), 'world')


def test_a_circle(drive):
    drive.transform(START, 'b', 'a', MOUNT, NONE)
    drive.transform(START, 'a', 'b', MOUNT, NONE)
    with open_bag(drive.close()) as bag:
        with pytest.raises(DatasetError, match='lead from map to a, found the frames a, b'):
            read_transforms(bag, transform_topics(bag), 'map', 'a', 1.0)


def test_two_parents(drive):
    drive.transform(START, 'map', 'base', MOUNT, NONE)
    drive.transform(START, 'odom', 'base', MOUNT, NONE)
    with open_bag(drive.close()) as bag:
        with pytest.raises(DatasetError, match='one parent of frame base, found map and odom'):
            read_transforms(bag, transform_topics(bag), 'map', 'base', 1.0)


def test_transforms_that_are_none_are_left_out(drive):
    drive.transform(START, 'map', 'base', (1.0, 2.0, 0.0), turned(0.5))
    drive.transform(START + 1, 'map', 'base', (math.nan, 2.0, 0.0), NONE)
    drive.transform(START + 1.5, 'map', 'base', (1.0, 2.0, 0.0), (0.0, 0.0, 0.0, 0.0))
    drive.transform(START + 1.6, 'map', 'base', (1e200, 2.0, 0.0), NONE)
    drive.transform(START + 1.7, 'map', 'base', (1.0, 2.0, 0.0), (1e200, 0.0, 0.0, 1.0))
    drive.transform(START + 1.8, 'map', 'base', (1.0, 2.0, 0.0), (1e-200, 0.0, 0.0, 0.0))
    drive.transform(START + 2, 'map', 'base', (3.0, 2.0, 0.0), turned(0.7))
    with open_bag(drive.close()) as bag:
        chain = read_transforms(bag, transform_topics(bag), '/map', 'base', 2.0)
        assert chain.at(round((START + 1) * 1e9)) == pytest.approx((2.0, 2.0, 0.6))
        assert chain.at(round((START + 3) * 1e9)) is None
        short = read_transforms(bag, transform_topics(bag), 'map', 'base', 1.0)
        assert short.at(round((START + 1) * 1e9)) is None
