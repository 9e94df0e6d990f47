# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From recognitions to messages."""

from std_msgs.msg import Header
from vision_msgs.msg import Classification, ObjectHypothesis

from structvpr_ros.matching.recognition import Recognition


def to_classification(recognition: Recognition, header: Header) -> Classification:
    """
    Tell the ranked places of an image, and none when it is not localized.

    :param header: of the image, copied as it is: stamp and camera frame.
    :return: ``class_id`` a place ID, ``score`` its similarity, -1 to 1, best first.
    """
    candidates = recognition.candidates if recognition.localized else ()
    return Classification(
        header=header,
        results=[ObjectHypothesis(class_id=candidate.place, score=candidate.score)
                 for candidate in candidates])
