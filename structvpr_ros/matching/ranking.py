# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From the nearest frames to the nearest places."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.place_map.place_map import PlaceMap


def rank_places(place_map: PlaceMap, descriptor: NDArray[np.float32],
                count: int) -> tuple[Candidate, ...]:
    """
    Rank the places of the map by their best frame.

    The answer is that of a look at every frame; only as many are fetched as the places need.
    Equal scores rank by the frame's row.

    :param descriptor: float32 (D,), unit length.
    :param count: the number of places wanted, at least 1.
    :return: distinct places, best first; fewer than ``count`` where the map has fewer.
    """
    depth = min(4 * count, len(place_map))
    while True:
        scores, rows = place_map.search(descriptor[np.newaxis], depth)
        best: dict[str, Candidate] = {}
        for score, row in zip(scores[0].tolist(), rows[0].tolist(), strict=True):
            frame = place_map.frames[row]
            best.setdefault(frame.place, Candidate(frame.place, score, frame))
            if len(best) == count:
                return tuple(best.values())
        if depth == len(place_map):
            return tuple(best.values())
        depth = min(4 * depth, len(place_map))
