# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The second stage: geometry may overrule the best of the first stage, where it is clear."""

from typing import Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.matcher import Matcher
from structvpr_ros.matching.verification import count_inliers, Geometry

# Inliers that hardly two images of different scenes share.
_ENOUGH = 12
# The lead that is no accident, in standard deviations of the difference of two counts.
_CLEAR = 2.0


def verify(query: LocalFeatures, frames: Sequence[LocalFeatures], matcher: Matcher,
           geometry: Geometry = 'fundamental') -> NDArray[np.int64]:
    """
    Count the inliers of a query with each of K frames, (K,); see ``count_inliers``.

    :param matcher: of the kind of all.
    """
    return np.array([count_inliers(query, frame, matcher, geometry) for frame in frames], np.int64)


def rerank(inliers: NDArray[np.int64]) -> NDArray[np.intp]:
    """
    Return the order of K candidates after verification, (K,): places in the order before.

    The candidate of the most inliers becomes the first if it has at least 12, and leads the
    first one by more than two standard deviations of the difference, each count having its own
    as a variance (Poisson). All others stay as they were, for to be seen from a little closer is
    worth some inliers as well: the first stage is overruled only where it must be wrong.

    :param inliers: (K,) of the candidates, as the first stage has ranked them; K of at least 1.
    """
    order = np.arange(len(inliers))
    best = int(inliers.argmax())
    lead = inliers[best] - inliers[0]
    if inliers[best] >= _ENOUGH and lead > _CLEAR * np.sqrt(inliers[best] + inliers[0]):
        order[:best + 1] = np.roll(order[:best + 1], 1)
    return order


def verified_scores(inliers: NDArray[np.int64]) -> NDArray[np.float32]:
    """
    Return the score of each re-ranked candidate, float32 (K,), falling.

    It is the number of its inliers; of more than a better-ranked one has, as many as that one.

    :param inliers: (K,), in the new order.
    """
    return np.minimum.accumulate(inliers).astype(np.float32)
