# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a recognition becomes on the wire."""

import pytest

pytest.importorskip('vision_msgs', reason='needs vision_msgs')

from std_msgs.msg import Header  # noqa: E402

from structvpr_ros.matching.recognition import Candidate, Recognition  # noqa: E402
from structvpr_ros.node.messages import to_classification  # noqa: E402
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
