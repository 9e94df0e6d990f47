# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a recognition becomes on the wire."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

pytest.importorskip('vision_msgs', reason='needs vision_msgs')

from std_msgs.msg import Header  # noqa: E402

from structvpr_ros.matching.pose import PoseEstimate  # noqa: E402
from structvpr_ros.matching.recognition import Candidate, Recognition  # noqa: E402
from structvpr_ros.node.messages import to_classification, to_pose  # noqa: E402
from structvpr_ros.place_map.frame import Frame  # noqa: E402


def recognition(scores, localized=True):
    frames = [Frame(row, f'place {row}', f'images/{row}.png', 1.0, 2.0, None, None, '')
              for row in range(len(scores))]
    candidates = tuple(Candidate(frame.place, score, frame)
                       for frame, score in zip(frames, scores, strict=True))
    return Recognition(3.25, candidates, localized, {})


@pytest.fixture
def header():
    header = Header(frame_id='front_camera')
    header.stamp.sec, header.stamp.nanosec = 2_000_000_000, 999_999_999
    return header


def test_results_keep_rank_and_score(header):
    message = to_classification(recognition([0.9, 0.8, -0.1]), header)
    assert [(r.class_id, r.score) for r in message.results] == [
        ('place 0', 0.9), ('place 1', 0.8), ('place 2', -0.1)]
    assert message.header == header


def test_no_results_when_not_localized(header):
    message = to_classification(recognition([0.9, 0.8], localized=False), header)
    assert list(message.results) == []
    assert message.header == header


def test_a_pose_keeps_place_heading_and_covariance(header):
    plane = np.array([[4.0, 0.5, 0.1], [0.5, 3.0, 0.2], [0.1, 0.2, 0.3]])
    message = to_pose(PoseEstimate(1.5, -2.5, 2.0, plane), 'town', header.stamp)
    assert message.header.frame_id == 'town' and message.header.stamp == header.stamp
    position, turn = message.pose.pose.position, message.pose.pose.orientation
    assert (position.x, position.y, position.z) == (1.5, -2.5, 0.0)
    rotation = Rotation.from_quat([turn.x, turn.y, turn.z, turn.w])
    np.testing.assert_allclose(rotation.as_rotvec(), [0, 0, 2.0])
    covariance = message.pose.covariance.reshape(6, 6)
    for row, here in ((0, 0), (1, 1), (2, 5)):  # x, y and the rotation about the vertical
        for column, there in ((0, 0), (1, 1), (2, 5)):
            assert covariance[here, there] == plane[row, column]


def test_what_a_pose_does_not_know_is_unknown(header):
    message = to_pose(PoseEstimate(0.0, 0.0, 0.0, np.eye(3)), 'town', header.stamp)
    covariance = message.pose.covariance.reshape(6, 6)
    assert np.array_equal(covariance, np.diag(np.diag(covariance)))
    z, roll, pitch = np.sqrt(np.diag(covariance)[2:5])
    assert z >= 1000 and min(roll, pitch) >= 3.14
    assert np.linalg.cond(covariance) < 1e9  # a filter inverts it
