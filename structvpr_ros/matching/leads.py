# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How far ahead of its rivals elsewhere a place is."""

from typing import Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.matching.recognition import Candidate

# Metres between two places that are not rivals: images of one scene.
_ELSEWHERE = 10.0


def leads(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """
    Return how much more similar each of K places is than the best one elsewhere, (K,).

    Elsewhere is 10 m away; in a map without positions, any other place is. Where all the others
    are nearby, the least similar of them stands for what lies behind it.

    :param candidates: ranked by similarity, their score.
    """
    scores = np.array([candidate.score for candidate in candidates])
    if len(scores) == 1:
        # Nothing to be ahead of: it may just as well be the worst.
        return np.zeros(1)
    away = _away(candidates)
    rivals = np.where(away, scores, -np.inf).max(1)
    return scores - np.where(away.any(1), rivals, scores.min())


def _away(candidates: Sequence[Candidate]) -> NDArray[np.bool_]:
    # (K, K): the two are places apart.
    if any(candidate.frame.x is None for candidate in candidates):
        return ~np.eye(len(candidates), dtype=bool)
    points = np.array([(candidate.frame.x, candidate.frame.y) for candidate in candidates])
    return np.hypot(*(points[:, np.newaxis] - points).transpose(2, 0, 1)) > _ELSEWHERE
