# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From a belief over places to the distinct answers that it allows."""

from dataclasses import dataclass
from typing import Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.matching.route import Route


@dataclass(frozen=True)
class Hypotheses:
    """
    The distinct answers, and what the best one is made of.

    :param candidates: ranked; the score of each is the probability, 0 to 1, that the robot is
        at that place or within the tolerance around it. No two share a place, so that they sum
        to 1 at most, and the lead of the first over the second is that over a rival elsewhere,
        not over its own neighbour.
    :param support: the places of the first candidate, by probability, each with its own.
    """

    candidates: tuple[Candidate, ...]
    support: tuple[Candidate, ...]


def rank_hypotheses(route: Route, followed: NDArray[np.float64], lost: float,
                    seen: Sequence[Candidate], tolerance: float, count: int) -> Hypotheses:
    """
    Cut a belief into hypotheses: the likeliest place takes all around it, then the next.

    :param followed: float64 (P,), the mass of each place.
    :param lost: the mass that all places share alike; it adds to 1 with the others.
    :param seen: the candidates of the newest image; a place shows the frame that it has there,
        or else its central one.
    :param tolerance: metres.
    :param count: the number of hypotheses wanted, at least 1; fewer only where the map has
        fewer.
    """
    frames = {candidate.place: candidate.frame for candidate in seen}

    def candidate(place: int, score: float) -> Candidate:
        name = route.places[place]
        # A sum of rounded numbers may be a trifle above 1.
        return Candidate(name, min(float(score), 1.0), frames.get(name, route.frames[place]))

    belief = followed + lost / len(route)
    free, open_mass = belief.copy(), followed.copy()
    found: list[tuple[float, int, NDArray[np.intp]]] = []
    # One that was not cut out yet may still be the best, as long as so much is left; the lost,
    # who are everywhere, make no difference that counts.
    while len(found) < count or open_mass.sum() > max(found)[0]:
        peak = int(free.argmax())
        if free[peak] < 0:
            break
        members = route.around(peak, tolerance)
        members = members[free[members] >= 0]
        found.append((float(free[members].sum()), -peak, members))
        free[members], open_mass[members] = -1.0, 0.0
    found.sort(key=lambda entry: entry[:2], reverse=True)
    members = found[0][2]
    members = members[np.lexsort((members, -belief[members]))]
    return Hypotheses(tuple(candidate(-peak, mass) for mass, peak, _ in found[:count]),
                      tuple(candidate(place, belief[place]) for place in members))
