# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Sightings of a planted robot make its pose better, and wrong ones hardly worse."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.matching.pose import PoseEstimate
from structvpr_ros.matching.pose_refinement import camera_of_features, refine, Sighting
from structvpr_ros.matching.relative_pose import RelativePose
from structvpr_ros.place_map.frame import Frame

VAGUE = PoseEstimate(0.0, 0.0, 0.3, np.diag([4.0, 4.0, 0.25]))


def sighting(x: float, y: float, heading: float, robot: tuple[float, float, float],
             inliers: int = 100, aside: float = 0.0, has_bearing: bool = True) -> Sighting:
    """
    Return what a frame at a pose says of a robot at another.

    :param aside: radians by which turn and bearing are wrong.
    """
    bearing = math.atan2(robot[1] - y, robot[0] - x) - heading + aside
    frame = Frame(0, 'p', 'p.png', x, y, heading, None, '')
    return Sighting(frame, RelativePose(robot[2] - heading + aside,
                                        bearing if has_bearing else None, inliers))


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(-3, 3))
def test_two_bearings_that_cross_find_the_robot(x: float, y: float, heading: float) -> None:
    robot = x, y, heading
    frames = [(-4.0, 0.0, 0.5), (0.0, -4.0, 2.0), (0.0, 4.0, -1.0), (4.0, 0.0, 3.0)]
    refined = refine(VAGUE, [sighting(*frame, robot) for frame in frames])
    assert math.hypot(refined.x - x, refined.y - y) < 0.5 * math.hypot(x, y) + 0.05
    assert abs(math.remainder(refined.heading - heading, math.tau)) < 1e-6
    # Surer than before, and no surer than it may be.
    assert np.linalg.eigvalsh(refined.covariance[:2, :2]).max() < 2.0
    assert np.linalg.eigvalsh(refined.covariance).min() > 0
    assert refined.covariance[2, 2] == pytest.approx(0.03 ** 2)


def test_one_bearing_leaves_open_how_far() -> None:
    refined = refine(VAGUE, [sighting(-4, 1, 0, (1.0, 1.0, 0.0))])
    assert refined.y == pytest.approx(1, abs=0.3) and refined.x == pytest.approx(0, abs=0.01)
    assert refined.covariance[1, 1] < 1 < 3.9 < refined.covariance[0, 0] <= 4


def test_without_sightings_nothing_changes() -> None:
    assert refine(VAGUE, []) == VAGUE
    unknown = Sighting(Frame(0, 'p', 'p.png', 0.0, 0.0, None, None, ''),
                       RelativePose(0.1, 0.1, 100))
    assert refine(VAGUE, [unknown]) == VAGUE


def test_a_turn_without_a_bearing_leaves_the_position() -> None:
    refined = refine(VAGUE, [sighting(1, 0, 0, (0.0, 0.0, -0.4), has_bearing=False)])
    assert (refined.x, refined.y) == (0, 0) and refined.heading == pytest.approx(-0.4)
    np.testing.assert_array_equal(refined.covariance[:2, :2], VAGUE.covariance[:2, :2])


def test_the_most_agree_on_the_heading() -> None:
    robot = 0.0, 0.0, 1.0
    right = [sighting(x, 0, 0.2, robot, 60) for x in (-3, 3)]
    refined = refine(VAGUE, [sighting(0, 3, 0.2, robot, 100, aside=0.8), *right])
    assert refined.heading == pytest.approx(1.0)


def test_headings_are_averaged_across_the_jump_of_the_circle() -> None:
    robots = [(0.0, 0.0, math.pi - 0.02), (0.0, 0.0, -math.pi + 0.02)]
    refined = refine(VAGUE, [sighting(1, 0, 3, robot) for robot in robots])
    assert abs(math.remainder(refined.heading - math.pi, math.tau)) < 1e-6


def test_a_heading_that_was_surer_remains() -> None:
    sure = PoseEstimate(0.0, 0.0, 0.3, np.diag([4.0, 4.0, 0.01 ** 2]))
    assert refine(sure, [sighting(1, 0, 0, (0.0, 0.0, 0.5))]).heading == 0.3


def test_a_bearing_that_contradicts_the_pose_is_left_out() -> None:
    sure = PoseEstimate(0.0, 0.0, 0.3, np.diag([0.25, 0.25, 0.25]))
    far = refine(sure, [sighting(-4, 30, 0, (4.0, 30.0, 0.0), has_bearing=True)])
    assert math.hypot(far.x, far.y) < 1


def test_few_inliers_move_nothing() -> None:
    refined = refine(VAGUE, [sighting(-4, 1, 0, (1.0, 1.0, 0.0), inliers=41)])
    assert (refined.x, refined.y) == (0, 0)


def test_a_resized_camera_sees_points_where_they_are() -> None:
    matrix = np.array([[500.0, 0, 319.5], [0, 500.0, 239.5], [0, 0, 1]])
    camera = camera_of_features(matrix, (480, 640))
    # The middle remains the middle, corners remain corners: half a pixel beyond the last centre.
    np.testing.assert_allclose(camera[:2, 2], [159.5, 127.5])
    corner = np.linalg.solve(matrix, [-0.5, -0.5, 1])
    np.testing.assert_allclose(camera @ corner, [-0.5, -0.5, 1])
