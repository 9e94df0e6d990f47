# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Poses in the plane against homogeneous matrices, and against rotations in space."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from structvpr_ros.matching.planar_pose import PlanarPose

coordinates = st.floats(-1e3, 1e3)
poses = st.builds(PlanarPose, coordinates, coordinates, st.floats(-math.pi, math.pi))


def matrix(pose):
    cos, sin = math.cos(pose.heading), math.sin(pose.heading)
    return np.array([[cos, -sin, pose.x], [sin, cos, pose.y], [0, 0, 1]])


@given(poses, poses)
def test_a_chain_is_the_product_of_matrices(one, other):
    chain = one @ other
    np.testing.assert_allclose(matrix(chain), matrix(one) @ matrix(other), atol=1e-9)
    assert -math.pi <= chain.heading <= math.pi


@given(poses)
def test_the_inverse_is_that_of_the_matrix(pose):
    np.testing.assert_allclose(matrix(pose.inverse()), np.linalg.inv(matrix(pose)), atol=1e-9)


@given(poses, poses)
def test_map_to_odom_takes_the_odometry_to_the_map(map_to_robot, odom_to_robot):
    map_to_odom = map_to_robot @ odom_to_robot.inverse()
    np.testing.assert_allclose(matrix(map_to_odom) @ matrix(odom_to_robot),
                               matrix(map_to_robot), atol=1e-8)


@given(poses)
def test_a_quaternion_and_back(pose):
    turn = pose.quaternion()
    assert math.hypot(*turn) == pytest.approx(1)
    np.testing.assert_allclose(Rotation.from_quat(turn).as_matrix()[:2, :2],
                               matrix(pose)[:2, :2], atol=1e-12)
    np.testing.assert_allclose(matrix(PlanarPose.from_quaternion(pose.x, pose.y, turn)),
                               matrix(pose), atol=1e-9)


@given(st.floats(-3, 3), st.floats(-1.2, 1.2), st.floats(-1.2, 1.2), st.floats(0.5, 2))
def test_tilt_is_dropped(yaw, pitch, roll, length):
    turn = Rotation.from_euler('ZYX', [yaw, pitch, roll]).as_quat() * length
    assert PlanarPose.from_quaternion(0, 0, tuple(turn)).heading == pytest.approx(yaw, abs=1e-9)
