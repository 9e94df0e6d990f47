# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A pose made better by what the images of the map say of the query's camera."""

from dataclasses import dataclass, replace
import math
from typing import Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.inference.local_features.features import FRAME_SIZE
from structvpr_ros.matching.pose import PoseEstimate
from structvpr_ros.matching.relative_pose import RelativePose
from structvpr_ros.place_map.frame import Frame

# Measured by tools/measure_pose.py. The standard deviation of a turn, radians times inliers ...
_TURN_STD = 3.0
# ... that of a bearing, radians, and the inliers below which it is as often wrong as not ...
_BEARING_STD, _BEARING_LEAST = 0.2, 45
# ... and metres that it leaves open even from where the camera hardly moved.
_NEAR = 0.3
# Radians by which headings may differ and still be of one camera.
_AGREE = 0.15
# Standard deviations beyond which a bearing contradicts the pose, and is left out.
_FAR = 3.0


@dataclass(frozen=True)
class Sighting:
    """
    What one image of the map says.

    :param frame: of the map, with position and heading.
    :param pose: of the query's camera, as seen from there.
    """

    frame: Frame
    pose: RelativePose


def camera_of_features(matrix: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float64]:
    """
    Return the intrinsic matrix of an image that was resized to the frame of the features.

    :param matrix: float64 (3, 3) of the image, without distortion; pixel centres lie at whole
        numbers.
    :param size: height and width of the image.
    """
    down, across = (wanted / given for wanted, given in zip(FRAME_SIZE, size))
    resized = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])
    return resized @ matrix


def refine(estimate: PoseEstimate, sightings: Sequence[Sighting]) -> PoseEstimate:
    """
    Make a pose better by sightings; it stays as it is where there are none.

    The heading is that of the frames, each with its turn, on which most matches agree, where it is
    surer than before. Each bearing is a line on which the robot stands. Two that cross fix its
    position; what lines leave open, and their distances, the pose so far fills in: a Kalman update
    by the distance from each line, whose standard deviation grows with that from its frame.

    :param estimate: metres and radians, with the covariance that it had before.
    """
    known = [sighting for sighting in sightings if sighting.frame.heading is not None]
    if not known:
        return estimate
    covariance = estimate.covariance.copy()
    heading, variance = _heading(known)
    if variance < covariance[2, 2]:
        covariance[2, 2] = variance
    else:
        heading = estimate.heading
    position = np.array([estimate.x, estimate.y])
    for sighting in known:
        line = _line(sighting, position)
        if line is not None:
            position, covariance[:2, :2] = _updated(position, covariance[:2, :2], *line)
    return replace(estimate, x=float(position[0]), y=float(position[1]), heading=heading,
                   covariance=covariance)


def _heading(sightings: Sequence[Sighting]) -> tuple[float, float]:
    headings = np.array([sighting.frame.heading + sighting.pose.turn for sighting in sightings])
    inliers = np.array([sighting.pose.inliers for sighting in sightings])
    agree = np.abs(np.angle(np.exp(1j * (headings[:, np.newaxis] - headings)))) <= _AGREE
    agreeing = agree[(agree @ inliers).argmax()]
    weights = inliers[agreeing] ** 2
    resultant = abs(weights @ np.exp(1j * headings[agreeing])) / weights.sum()
    heading = float(np.angle(weights @ np.exp(1j * headings[agreeing])))
    # Not less for many: what misleads one misleads its neighbours, too.
    return heading, (_TURN_STD / inliers[agreeing].max()) ** 2 - 2 * math.log(min(resultant, 1.0))


def _line(sighting: Sighting, position: NDArray[np.float64]
          ) -> Optional[tuple[NDArray[np.float64], float, float]]:
    # The normal of the line, how far the position is beside it, and the standard deviation.
    if sighting.pose.bearing is None or sighting.pose.inliers < _BEARING_LEAST:
        return None
    direction = sighting.frame.heading + sighting.pose.bearing
    normal = np.array([-math.sin(direction), math.cos(direction)])
    offset = position - (sighting.frame.x, sighting.frame.y)
    std = _NEAR + _BEARING_STD * float(np.hypot(*offset))
    return normal, float(normal @ offset), std


def _updated(position: NDArray[np.float64], covariance: NDArray[np.float64],
             normal: NDArray[np.float64], beside: float,
             std: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    variance = normal @ covariance @ normal + std ** 2
    if beside ** 2 > _FAR ** 2 * variance:
        return position, covariance
    gain = covariance @ normal / variance
    return position - gain * beside, covariance - np.outer(gain, normal @ covariance)
