# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The places of a map as points of a plane, between which a robot moves."""

from typing import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from structvpr_ros.place_map.frame import Frame

# How many standard deviations away a place is still reached.
_CUT = 3.0
# How many spacings the next place may be away to be where the route goes on.
_NEXT = 3.0
# Probability that a robot turns round from one motion to the next.
_TURN = 0.1


class Route:
    """
    Where the P places of a map are, and which of them a robot reaches from which.

    A place is at the mean position of its frames. In a map without positions the places are
    on a line, in the order of their first rows. That order also gives each place the direction
    in which the route goes on there; a robot travels along it or against it.

    :ivar places: the P place IDs, in the order of their first rows.
    :ivar index: place ID -> its number, 0 to P - 1.
    :ivar frames: of each place the frame nearest to the place's position.
    :ivar spacing: metres, the median distance from a place to the nearest one elsewhere.
    """

    def __init__(self, frames: Sequence[Frame], row_spacing: float) -> None:
        """
        Lay out the places of the frames.

        :param frames: of a map, at least one.
        :param row_spacing: metres between places where the frames have no positions.
        """
        self.places = tuple(dict.fromkeys(frame.place for frame in frames))
        self.index = {place: number for number, place in enumerate(self.places)}
        owners = np.array([self.index[frame.place] for frame in frames])
        if any(frame.x is None or frame.y is None for frame in frames):
            points = np.stack([row_spacing * owners, np.zeros(len(frames))], 1)
        else:
            points = np.array([(frame.x, frame.y) for frame in frames], np.float64)
        counts = np.bincount(owners)
        positions = np.stack([np.bincount(owners, axis) / counts for axis in points.T], 1)
        self.frames = _central(frames, owners, np.hypot(*(points - positions[owners]).T))
        self.spacing = _spacing(positions, row_spacing)
        self._tree = cKDTree(positions)
        self._directions = _directions(positions, _NEXT * self.spacing)

    def __len__(self) -> int:
        return len(self.places)

    def around(self, place: int, radius: float) -> NDArray[np.intp]:
        """Return the numbers of the places within a radius in metres, itself among them."""
        return np.array(self._tree.query_ball_point(self._tree.data[place], radius), np.intp)

    def move(self, mass: NDArray[np.float64], least: float, most: float,
             noise: float) -> NDArray[np.float64]:
        """
        Move probability between places, as a robot does that came so and so far.

        From each place the mass goes to those ``least`` to ``most`` ahead, and with a Gaussian
        edge beside that band. Its standard deviation joins the noise and half the spacing of
        the places, by which the robot may be beside each of them. Ahead is the half-plane in
        the direction of travel; where the route has no direction, everywhere.

        :param mass: float64 (2, P), at least 0: of robots that travel along the route, and of
            those that travel against it.
        :param least: metres, the shortest distance that the robot may have come.
        :param most: metres, the longest.
        :param noise: metres, standard deviation of both.
        :return: float64 (2, P). Its sum is smaller where the robot must have left the map.
        """
        sources = np.flatnonzero(mass.any(0))
        if not sources.size:
            return mass
        deviation = np.hypot(noise, self.spacing / 2)
        points = self._tree.data
        pairs = cKDTree(points[sources]).sparse_distance_matrix(
            self._tree, most + _CUT * deviation, output_type='ndarray')
        start, targets, distance = sources[pairs['i']], pairs['j'], pairs['v']
        step = (points[targets] - points[start]) / np.maximum(distance, 1e-12)[:, np.newaxis]
        moved = np.zeros_like(mass)
        for layer, travel in enumerate((self._directions, -self._directions)):
            ahead = distance * np.where(_dot(travel[start], step) < 0, -1.0, 1.0)
            beside = np.maximum(least - ahead, 0) + np.maximum(ahead - most, 0)
            weight = np.exp(-0.5 * (beside / deviation) ** 2)
            # A robot that is farther than two deviations from every place has left the map.
            total = np.maximum(np.bincount(start, weight, len(self)), np.exp(-2.0))
            weight *= (mass[layer] / total)[start]
            # As before, and at a crossing with the street that it went into.
            onward = _dot(2 * travel[start] + step, self._directions[targets])
            against = np.where(onward == 0, layer == 1, onward < 0)
            moved += np.bincount(targets + len(self) * against, weight,
                                 2 * len(self)).reshape(2, -1)
        return (1 - _TURN) * moved + _TURN * moved[::-1]


def _dot(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    return (one * other).sum(1)


def _directions(positions: NDArray[np.float64], farthest: float) -> NDArray[np.float64]:
    # (P, 2) unit vectors; 0 where neither the last nor the next place is near.
    steps = np.diff(positions, axis=0)
    lengths = np.hypot(*steps.T)
    steps[(lengths > farthest) | (lengths == 0)] = 0.0
    none = np.zeros((1, 2))
    sums = np.concatenate([none, steps]) + np.concatenate([steps, none])
    return sums / np.maximum(np.hypot(*sums.T), 1e-12)[:, np.newaxis]


def _central(frames: Sequence[Frame], owners: NDArray[np.intp],
             distances: NDArray[np.float64]) -> tuple[Frame, ...]:
    order = np.lexsort((distances, owners))
    firsts = order[np.unique(owners[order], return_index=True)[1]]
    return tuple(frames[row] for row in firsts)


def _spacing(positions: NDArray[np.float64], alone: float) -> float:
    apart = np.unique(positions, axis=0)
    if len(apart) == 1:
        return alone
    return float(np.median(cKDTree(apart).query(apart, 2)[0][:, 1]))
