# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The whole way from images of a planted street to a better pose, by a map with features."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.pose import PoseEstimate
from structvpr_ros.matching.pose_refiner import PoseRefiner
from structvpr_ros.matching.recognition import Candidate, Recognition
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.place_map.place_map import PlaceMap

MATRIX = np.array([[220.0, 0, 159.5], [0, 220.0, 127.5], [0, 0, 1]])
ESTIMATE = PoseEstimate(0.0, 0.0, 0.0, np.diag([4.0, 4.0, 0.25]))
FRAMES = [(0.0, 0.0, 0.0), (-1.0, 1.5, 0.05), (-2.0, -1.0, -0.05)]


def photograph(x: float, y: float, heading: float) -> np.ndarray:
    """Return what a level camera sees of three walls of coloured blocks, 6, 9 and 14 m ahead."""
    picture = np.full((256, 320, 3), 128, np.uint8)
    for seed, (ahead, left, right) in enumerate([(14, 20, -20), (9, 9, 2), (6, -1.5, -6)]):
        wall = cv2.resize(np.random.default_rng(seed).integers(0, 256, (24, 32, 3), np.uint8),
                          (640, 480), interpolation=cv2.INTER_NEAREST)
        east, north = ahead - x, np.array([left, right, right, left]) - y
        depth = east * math.cos(heading) + north * math.sin(heading)
        aside = east * math.sin(heading) - north * math.cos(heading)
        down = np.array([-5.0, -5.0, 2.0, 2.0])
        corners = np.stack([aside / depth, down / depth, np.ones(4)]).T @ MATRIX.T
        warp = cv2.getPerspectiveTransform(
            np.float32([(0, 0), (640, 0), (640, 480), (0, 480)]), np.float32(corners[:, :2]))
        seen = cv2.warpPerspective(wall, warp, (320, 256), flags=cv2.INTER_AREA)
        mask = cv2.warpPerspective(np.full(wall.shape[:2], 255, np.uint8), warp, (320, 256))
        picture[mask > 127] = seen[mask > 127]
    return picture


@pytest.fixture(scope='module')
def place_map(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> PlaceMap:
    root, names = tmp_path_factory.mktemp('street'), []
    for number, pose in enumerate(FRAMES):
        names.append(f'images/{number}.png')
        write_image(root / names[-1], photograph(*pose))
    poses, blank = np.array(FRAMES), ('',) * len(FRAMES)
    write_place_dataset(PlaceTable(root, tuple(names), ('a', 'b', 'c'), poses[:, :2],
                                   poses[:, 2], blank, blank))
    return PlaceMap.open(build_map(BuildMapOptions(root, tiny_bundle, root / 'map',
                                                   local_features='xfeat')))


def recognition(place_map: PlaceMap) -> Recognition:
    return Recognition(0.0, tuple(Candidate(frame.place, 0.9, frame)
                                  for frame in place_map.frames), True, {})


def test_a_robot_in_a_street_learns_where_it_looks(place_map: PlaceMap) -> None:
    refiner = PoseRefiner(place_map)
    image = photograph(0.5, 0.8, 0.2)
    refined = refiner.refine(ESTIMATE, image, recognition(place_map), MATRIX)
    assert refined.heading == pytest.approx(0.2, abs=math.radians(3))
    assert math.hypot(refined.x - 0.5, refined.y - 0.8) < math.hypot(0.5, 0.8)
    assert refined.covariance[2, 2] < 0.1 ** 2
    # An image of another size is of another matrix.
    half = cv2.resize(image, (160, 128), interpolation=cv2.INTER_AREA)
    smaller = refiner.refine(ESTIMATE, half, recognition(place_map),
                             np.diag([0.5, 0.5, 1]) @ MATRIX)
    assert smaller.heading == pytest.approx(0.2, abs=math.radians(5))
    again = refiner.refine(ESTIMATE, image, recognition(place_map), MATRIX)
    assert (again.x, again.y, again.heading) == (refined.x, refined.y, refined.heading)


def test_a_blank_wall_changes_nothing(place_map: PlaceMap) -> None:
    blank = np.full((256, 320, 3), 90, np.uint8)
    assert PoseRefiner(place_map).refine(
        ESTIMATE, blank, recognition(place_map), MATRIX) is ESTIMATE


def test_a_map_without_features_is_refused(tiny_map: Path) -> None:
    with pytest.raises(ConfigurationError, match='build_map --local_features'):
        PoseRefiner(PlaceMap.open(tiny_map))
