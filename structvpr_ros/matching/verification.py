# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Whether two images show the same scene: how many local features agree on one geometry."""

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.inference.local_features.features import LocalFeatures

# Seven matches fix a fundamental matrix, so that as many always agree.
_LEAST = 8
_TOLERANCE = 2.0  # pixels from the epipolar line
_CONFIDENCE, _ITERATIONS = 0.999, 500


def mutual_matches(one: NDArray[np.float32], other: NDArray[np.float32],
                   min_similarity: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    Match descriptors that are each other's most similar one.

    :param one: float32 (N, D), unit length.
    :param other: float32 (M, D), likewise.
    :param min_similarity: the least product of two that match.
    :return: the rows that match, of ``one`` and of ``other``.
    """
    if not len(one) or not len(other):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    similarity = one @ other.T
    best = similarity.argmax(1)
    rows = np.flatnonzero(similarity[np.arange(len(one)), best] >= min_similarity)
    # The way back only for the few that may match: it is the slower one.
    mutual = similarity.T[best[rows]].argmax(1) == rows
    return rows[mutual], best[rows[mutual]]


def count_inliers(query: LocalFeatures, frame: LocalFeatures, min_similarity: float) -> int:
    """
    Count the matches between two images that obey one fundamental matrix.

    The matrix is sought by MAGSAC++ (Barath, Noskova, Ivashechkin, Matas, CVPR 2020) as OpenCV
    has it, always from the same seed: the same features give the same count.

    :param min_similarity: that of the extractor of both.
    :return: 0 where too few match for the count to say anything.
    """
    rows, others = mutual_matches(query.descriptors, frame.descriptors, min_similarity)
    if len(rows) < _LEAST:
        return 0
    try:
        _, inliers = cv2.findFundamentalMat(
            query.points[rows], frame.points[others], cv2.USAC_MAGSAC, _TOLERANCE, _CONFIDENCE,
            _ITERATIONS)
    except cv2.error:
        # Some versions complain of points that lie all in one place, others find nothing.
        return 0
    count = 0 if inliers is None else int(np.count_nonzero(inliers))
    return count if count >= _LEAST else 0
