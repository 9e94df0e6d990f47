# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From recognitions and pictures to messages."""

import array
import math

from builtin_interfaces.msg import Time
from geometry_msgs.msg import PoseWithCovarianceStamped
import numpy as np
from numpy.typing import NDArray
from sensor_msgs.msg import Image
from std_msgs.msg import Header
from vision_msgs.msg import Classification, ObjectHypothesis

from structvpr_ros.matching.planar_pose import PlanarPose
from structvpr_ros.matching.pose import PoseEstimate
from structvpr_ros.matching.recognition import Recognition

# Nothing is known of height and tilt: a kilometre and a half-turn as standard deviations, which
# no filter will take for a measurement, and every one can invert.
UNKNOWN = {'z': 1e6, 'roll': math.pi ** 2, 'pitch': math.pi ** 2}


def to_classification(recognition: Recognition, header: Header) -> Classification:
    """
    Tell the ranked places of an image, and none when it is not localized.

    :param header: of the image, copied as it is: stamp and camera frame.
    :return: ``class_id`` a place ID, best first, and ``score`` the probability, 0 to 1, that the
        image was taken there, of a second stage or a sequence filter; where neither is at work,
        the similarity of its best frame, -1 to 1.
    """
    candidates = recognition.candidates if recognition.localized else ()
    return Classification(
        header=header,
        results=[ObjectHypothesis(class_id=candidate.place, score=candidate.score)
                 for candidate in candidates])


def to_pose(estimate: PoseEstimate, frame_id: str, stamp: Time) -> PoseWithCovarianceStamped:
    """
    Tell a pose in the plane of a map.

    :param frame_id: of the map.
    :param stamp: of the image.
    :return: z, roll and pitch are 0, with the variances of ``UNKNOWN``.
    """
    message = PoseWithCovarianceStamped(header=Header(frame_id=frame_id, stamp=stamp))
    pose = message.pose.pose
    pose.position.x, pose.position.y = estimate.x, estimate.y
    turn = pose.orientation
    turn.x, turn.y, turn.z, turn.w = PlanarPose(
        estimate.x, estimate.y, estimate.heading).quaternion()
    # By x, y, z, and rotations about the fixed axes X, Y, Z.
    covariance = np.diag([0.0, 0.0, *UNKNOWN.values(), 0.0])
    plane = np.ix_([0, 1, 5], [0, 1, 5])
    covariance[plane] = estimate.covariance
    message.pose.covariance = covariance.ravel()
    return message


def to_image(image: NDArray[np.uint8], header: Header) -> Image:
    """Return RGB uint8 (H, W, 3) as an rgb8 message."""
    height, width = image.shape[:2]
    return Image(header=header, height=height, width=width, encoding='rgb8', step=3 * width,
                 data=array.array('B', image.tobytes()))
