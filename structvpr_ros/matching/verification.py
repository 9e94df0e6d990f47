# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Whether two images show the same scene: how many local features agree on one geometry."""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.matcher import Matcher

# What two images of a rigid scene share: an epipolar geometry, whatever the scene; or, of a flat
# one, and of any that was seen from one spot, all of the picture.
Geometry = Literal['fundamental', 'homography']

# Seven matches fix a fundamental matrix, so that as many always agree.
_LEAST = 8
_TOLERANCE = 2.0  # pixels from the epipolar line, or from the point
_SEEKERS = {'fundamental': cv2.findFundamentalMat, 'homography': cv2.findHomography}


def count_agreeing(points: NDArray[np.float32], others: NDArray[np.float32],
                   geometry: Geometry = 'fundamental') -> int:
    """
    Count the matches between two images that obey one geometry.

    It is sought by random samples, judged as MAGSAC++ does (Barath, Noskova, Ivashechkin, Matas,
    CVPR 2020) in OpenCV, always from the same seed: the same matches give the same count.

    :param points: float32 (M, 2), pixels in the frame of the features.
    :param others: float32 (M, 2), the points in the other image that they match.
    :return: 0 where too few match for the count to say anything.
    """
    if len(points) < _LEAST:
        return 0
    try:
        _, inliers = _SEEKERS[geometry](points, others, _settings())
    except cv2.error:
        # Some versions complain of points that lie all in one place, others find nothing.
        return 0
    count = 0 if inliers is None else int(np.count_nonzero(inliers))
    return count if count >= _LEAST else 0


def count_inliers(query: LocalFeatures, frame: LocalFeatures, matcher: Matcher,
                  geometry: Geometry = 'fundamental') -> int:
    """
    Match the features of two images and count those that obey one geometry.

    :param matcher: of the kind of both.
    :return: as ``count_agreeing``.
    """
    rows, others = matcher.match(query, frame)
    return count_agreeing(query.points[rows], frame.points[others], geometry)


def _settings() -> cv2.UsacParams:
    settings = cv2.UsacParams()
    settings.threshold, settings.confidence, settings.maxIterations = _TOLERANCE, 0.999, 300
    settings.sampler = cv2.SAMPLING_UNIFORM
    settings.score = cv2.SCORE_METHOD_MAGSAC
    # USAC_MAGSAC polishes good models in a second way, too, which takes longer and finds no more.
    settings.loMethod = cv2.LOCAL_OPTIM_INNER_LO
    settings.isParallel, settings.randomGeneratorState = False, 0
    return settings
