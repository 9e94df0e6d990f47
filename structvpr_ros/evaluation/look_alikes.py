# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How much a map resembles itself: where its own places are taken for one another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity, relate

# Images that are looked up at once; their similarities to all of the map are in memory.
_BLOCK = 64


@dataclass(frozen=True)
class LookAlikes:
    """
    For Q images of a map what is most like each, elsewhere and at its own place.

    :param rows: (Q,) the images.
    :param elsewhere: (Q,) of each the most similar image of another place.
    :param score: (Q,) float32, their similarity; -inf where all of the map is near.
    :param own: (Q,) float32, similarity to the most similar other image of the same place; -inf
        where there is none.
    """

    rows: NDArray[np.int64]
    elsewhere: NDArray[np.int64]
    score: NDArray[np.float32]
    own: NDArray[np.float32]

    def mistaken(self) -> tuple[int, int]:
        """Return how many images are most like another place, of how many that could be right."""
        possible = np.isfinite(self.own)
        return int((possible & (self.score > self.own)).sum()), int(possible.sum())

    def pairs(self, places: tuple[str, ...], count: int) -> list[tuple[int, int, float]]:
        """
        Return the pairs of places that are most alike, one pair of rows and its score for each.

        :param places: (N,) the place of each image of the map.
        :param count: of pairs at most.
        """
        found: dict[frozenset[str], tuple[int, int, float]] = {}
        for index in np.argsort(-self.score, kind='stable'):
            one, other = int(self.rows[index]), int(self.elsewhere[index])
            if np.isfinite(self.score[index]) and len(found) < count:
                found.setdefault(frozenset((places[one], places[other])),
                                 (one, other, float(self.score[index])))
        return list(found.values())


def look_alikes(table: PlaceTable, descriptors: NDArray[np.float32], rows: NDArray[np.int64],
                proximity: Proximity) -> LookAlikes:
    """
    Look images of a map up in it, once beyond and once within what is near them.

    :param table: the N images of the map.
    :param descriptors: (N, D) float32, unit length.
    :param rows: (Q,) the images that are looked up.
    """
    relations = relate(table.take(rows), table, proximity)
    elsewhere, score, own = [], [], []
    for index, row in enumerate(tqdm(rows, 'look-alikes', unit='image')):
        if index % _BLOCK == 0:
            similar = descriptors[rows[index:index + _BLOCK]] @ descriptors.T
        found = similar[index % _BLOCK]
        own.append(found[relations.positives[index]].max(initial=-np.inf))
        found[relations.excluded[index]] = found[row] = -np.inf
        elsewhere.append(found.argmax())
        score.append(found.max())
    return LookAlikes(rows, np.array(elsewhere, np.int64), np.array(score, np.float32),
                      np.array(own, np.float32))


def self_similarity(table: PlaceTable, descriptors: NDArray[np.float32], rows: NDArray[np.int64],
                    proximity: Proximity) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """
    Compare images of a map with one another.

    :return: their similarities (Q, Q), and whether they show the same place (Q, Q).
    """
    chosen = table.take(rows)
    same = relate(chosen, chosen, proximity).positive_mask(len(rows))
    np.fill_diagonal(same, True)
    return descriptors[rows] @ descriptors[rows].T, same


def coverage(table: PlaceTable, rows: NDArray[np.int64],
             proximity: Proximity) -> dict[str, float]:
    """
    Return for each condition the share of the map that was seen at it, 0 to 1.

    :param rows: the images that stand for all of the map.
    """
    positives = relate(table.take(rows), table, proximity).positives
    conditions = np.array(table.conditions)
    # An image is no positive of its own, but has been seen.
    seen = [set(conditions[near]) | {conditions[row]} for row, near in zip(rows, positives)]
    return {str(name): sum(name in names for names in seen) / len(rows)
            for name in np.unique(conditions)}
