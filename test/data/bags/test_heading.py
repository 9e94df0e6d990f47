# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which way frames look: bodies along x, cameras along z."""

import math

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from structvpr_ros.data.bags.heading import headings
from structvpr_ros.data.bags.pose_numbers import matrices

# From an optical frame (x right, y down, z ahead) to a body (x ahead, y left, z up): REP 103.
OPTICAL = np.array([[0, 0, 1], [-1, 0, 0], [0, -1, 0]], float)


@pytest.mark.parametrize('yaw', [-3.0, -1.0, 0.0, 0.7, 2.5])
@pytest.mark.parametrize('tilt', [-0.3, 0.0, 0.3])
def test_body_and_camera_look_the_same_way(yaw, tilt):
    body = Rotation.from_euler('ZYX', [yaw, tilt, 0.0]).as_matrix()
    assert headings(np.stack([body, body @ OPTICAL])) == pytest.approx([yaw, yaw])


@pytest.mark.parametrize('down', [1.0, 1.3, math.pi / 2])
def test_a_camera_that_looks_down_has_its_heading_at_the_top_of_the_image(down):
    camera = Rotation.from_euler('ZY', [0.7, down]).as_matrix() @ OPTICAL
    assert headings(camera[None]) == pytest.approx([0.7])


def test_quaternions_need_no_length_and_may_say_nothing():
    turned = Rotation.from_euler('z', 0.4).as_quat()
    found = headings(matrices(np.array([turned, 5 * turned, -turned, np.zeros(4),
                                        np.full(4, np.nan), np.full(4, 1e200)])))
    assert found[:3] == pytest.approx([0.4] * 3)
    assert np.isnan(found[3:]).all()
