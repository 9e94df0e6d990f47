# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Turn and bearing of planted cameras in planted scenes, with outliers, and without a shift."""

import math

import numpy as np
import pytest

from structvpr_ros.matching.relative_pose import relative_pose, RelativePose

CAMERA = np.array([[208.5, 0, 159.5], [0, 222.4, 127.5], [0, 0, 1]])
NOISE = 0.3  # pixels


def seen(scene: np.ndarray, heading: float, x: float, y: float,
         random: np.random.Generator) -> np.ndarray:
    """
    Return where a level camera sees points, pixels (N, 2).

    :param scene: (N, 3) in the map: x and y in the plane, z up.
    """
    east, north, up = (scene - (x, y, 1.5)).T
    ahead = east * math.cos(heading) + north * math.sin(heading)
    right = east * math.sin(heading) - north * math.cos(heading)
    points = np.stack([right, -up, ahead], 1) @ CAMERA.T
    return points[:, :2] / points[:, 2:] + random.normal(0, NOISE, (len(scene), 2))


def street(random: np.random.Generator, count: int = 150) -> np.ndarray:
    """Return points of houses along both sides of a street to the east, 8 to 40 m ahead."""
    side = random.choice([-6.0, 6.0], count)
    return np.stack([random.uniform(8, 40, count), side + random.uniform(-1, 1, count),
                     random.uniform(0, 7, count)], 1)


def look(scene: np.ndarray, heading: float, x: float, y: float, outliers: int = 0,
         seed: int = 0) -> RelativePose:
    """Compare a frame at the origin that looks east with a query."""
    random = np.random.default_rng(seed)
    frame, query = seen(scene, 0, 0, 0, random), seen(scene, heading, x, y, random)
    wrong = random.uniform((0, 0), (320, 256), (2, outliers, 2))
    return relative_pose(*(np.concatenate(each).astype(np.float32) for each in (
        (frame, wrong[0]), (query, wrong[1]))), CAMERA)


POSES = pytest.mark.parametrize('heading, x, y', [
    (0.0, 1.5, 0.0), (0.2, 0.0, 1.2), (-0.3, 1.0, -1.0), (0.1, -2.0, 0.5), (0.0, 0.0, -1.5)])


def errors(pose: RelativePose, heading: float, x: float, y: float) -> tuple[float, float]:
    """Return how far turn and bearing are off, degrees; 180 of a bearing that is not told."""
    aside = math.pi
    if pose.bearing is not None:
        aside = math.remainder(pose.bearing - math.atan2(y, x), math.tau)
    return abs(math.degrees(pose.turn - heading)), abs(math.degrees(aside))


@POSES
def test_a_street_tells_turn_and_bearing(heading: float, x: float, y: float) -> None:
    pose = look(street(np.random.default_rng(1)), heading, x, y)
    turn, bearing = errors(pose, heading, x, y)
    assert turn < 1 and bearing < 5 and pose.inliers >= 140


@POSES
@pytest.mark.parametrize('outliers', [75, 150])
def test_outliers_seldom_mislead(heading: float, x: float, y: float, outliers: int) -> None:
    off = [errors(look(street(np.random.default_rng(seed)), heading, x, y, outliers, seed),
                  heading, x, y) for seed in range(10)]
    turns, bearings = np.sort(off, axis=0)[7]
    assert turns < 1 and bearings < 20


@pytest.mark.parametrize('heading', [0.0, 0.25, -0.4])
def test_a_turn_on_the_spot_has_no_bearing(heading: float) -> None:
    pose = look(street(np.random.default_rng(1)), heading, 0, 0, 50)
    assert pose.turn == pytest.approx(heading, abs=math.radians(1))
    assert pose.bearing is None


@pytest.mark.parametrize('y', [-1.0, 1.0])
def test_a_flat_wall_tells_the_turn(y: float) -> None:
    random = np.random.default_rng(2)
    wall = np.stack([np.full(150, 10.0), random.uniform(-7, 7, 150),
                     random.uniform(0, 6, 150)], 1)
    # A turn and a shift along the wall look nearly alike; that is the uncertainty here.
    assert look(wall, 0.1, 1.0, y).turn == pytest.approx(0.1, abs=math.radians(10))


def test_a_blank_wall_tells_nothing() -> None:
    none = np.empty((0, 2), np.float32)
    assert relative_pose(none, none, CAMERA) is None
    assert look(street(np.random.default_rng(1), 15), 0.1, 1, 0) is None


@pytest.mark.parametrize('points', [
    np.zeros((60, 2)), np.full((60, 2), np.nan), np.stack([np.arange(60.0)] * 2, 1)],
    ids=['one point', 'not a number', 'a line'])
def test_points_without_extent_do_no_harm(points: np.ndarray) -> None:
    pose = relative_pose(points.astype(np.float32), points.astype(np.float32), CAMERA)
    assert pose is None or math.isfinite(pose.turn)


@pytest.mark.parametrize('seed', range(5))
def test_matches_without_geometry_hardly_tell(seed: int) -> None:
    random = np.random.default_rng(seed)
    one, other = random.uniform((0, 0), (320, 256), (2, 60, 2)).astype(np.float32)
    pose = relative_pose(one, other, CAMERA)
    assert pose is None or pose.inliers < 35


def test_windows_matched_one_off_look_like_a_shift_not_a_turn_around() -> None:
    windows = np.stack(np.meshgrid([12.0], np.arange(-7, 7, 2.0), np.arange(0, 8, 1.0)),
                       -1).reshape(-1, 3)
    random = np.random.default_rng(0)
    frame = seen(windows, 0, 0, 0, random)
    query = seen(windows + (0, 2.0, 0), 0, 0, 0, random)
    pose = relative_pose(frame.astype(np.float32), query.astype(np.float32), CAMERA)
    assert pose is None or abs(pose.turn) < math.radians(15)


def test_the_same_again() -> None:
    scene = street(np.random.default_rng(1))
    assert look(scene, 0.2, 1, 1, 100) == look(scene, 0.2, 1, 1, 100)
