# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A map's own images looked up in the rest of it: what a drive would find that the map lacks."""

from dataclasses import dataclass
from typing import Iterator, NamedTuple, Sequence

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.evaluation.trial import map_table
from structvpr_ros.place_map.place_map import PlaceMap

# Images that are looked up at once; their similarities to all of the map are in memory.
_BLOCK = 64


@dataclass(frozen=True)
class Asked:
    """
    The best places of Q images.

    :param score: (Q,) float32, of the best place.
    :param margin: (Q,) float32, its lead over the second place; infinite where there is none.
    :param right: (Q,) bool, the best place is where the image was taken.
    :param inside: (Q,) bool, something of the map was taken there.
    """

    score: NDArray[np.float32]
    margin: NDArray[np.float32]
    right: NDArray[np.bool_]
    inside: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.score)

    def take(self, chosen: NDArray) -> 'Asked':
        """Return the images of a mask."""
        return Asked(self.score[chosen], self.margin[chosen], self.right[chosen],
                     self.inside[chosen])


def joined(parts: Sequence[Asked]) -> Asked:
    """Return the images of all parts, one after the other."""
    return Asked(*(np.concatenate([getattr(part, name) for part in parts])
                   for name in ('score', 'margin', 'right', 'inside')))


class Block(NamedTuple):
    """
    Some images of a map and what the other drives have for them.

    :param rows: (B,) of the images.
    :param similar: (B, N) to all images of the map; -inf to those of the image's own drive.
    :param positive: (B, N) bool, of another drive and right.
    :param near: (B, N) bool, of another drive and not wrong.
    :param elsewhere: (B, N) to what is not near, of the image's own drive as well; -inf to others.
    """

    rows: NDArray[np.int64]
    similar: NDArray[np.float32]
    positive: NDArray[np.bool_]
    near: NDArray[np.bool_]
    elsewhere: NDArray[np.float32]

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Return of which images it is known what is right, (B,)."""
        return self.positive.any(1) | ~self.near.any(1)


def leave_drives_out(place_map: PlaceMap, drives: NDArray[np.int64], rows: NDArray[np.int64],
                     proximity: Proximity) -> Iterator[Block]:
    """
    Yield images of a map, many at once; see ``ask_own``.

    :param drives: (N,) the number of the drive that each image of the map is of.
    :param rows: (Q,) the images.
    """
    table = map_table(place_map, place_map.folder)
    relations = relate(table.take(rows), table, proximity)
    descriptors = place_map.descriptors()
    for start in tqdm(range(0, len(rows), _BLOCK), 'leave drives out', unit='block'):
        block = slice(start, start + _BLOCK)
        own = drives[rows[block], np.newaxis] == drives
        similar = descriptors[rows[block]] @ descriptors.T
        near = _mask(relations.excluded[block], len(drives))
        yield Block(rows[block], np.where(own, -np.inf, similar),
                    _mask(relations.positives[block], len(drives)) & ~own, near & ~own,
                    np.where(near, -np.inf, similar))


def ask_own(place_map: PlaceMap, drives: NDArray[np.int64], rows: NDArray[np.int64],
            proximity: Proximity) -> tuple[Asked, Asked]:
    """
    Look images of a map up twice: in the other drives, and in all but what is near them.

    For the second look an image's own drive is there: who leaves the mapped streets does so in
    some light and weather, and what the map has of just these looks most like it.

    Left out is an image that has something near it in the other drives but nothing that counts
    as the same place: nobody knows what is right there.

    :param drives: (N,) the number of the drive that each image of the map is of.
    :param rows: (Q,) the images that are looked up.
    :return: the answers of the other drives, and those of all but the image's surroundings, none
        of which can be right.
    """
    places = np.unique([frame.place for frame in place_map.frames], return_inverse=True)[1]
    with_place, without = [], []
    for block in leave_drives_out(place_map, drives, rows, proximity):
        inside, nothing = block.positive.any(1), np.zeros_like(block.positive)
        with_place.append(_best(block.similar, places, block.positive, inside).take(block.clear))
        without.append(_best(block.elsewhere, places, nothing, nothing[:, 0]))
    return _found(joined(with_place)), _found(joined(without))


def ask_elsewhere(place_map: PlaceMap, descriptors: NDArray[np.float32]) -> Asked:
    """
    Look up images that show no place of a map.

    :param descriptors: (Q, D) float32, unit length.
    """
    stored = place_map.descriptors()
    places = np.unique([frame.place for frame in place_map.frames], return_inverse=True)[1]
    nothing = np.zeros((_BLOCK, len(stored)), bool)
    parts = []
    for start in range(0, len(descriptors), _BLOCK):
        similar = descriptors[start:start + _BLOCK] @ stored.T
        count = len(similar)
        parts.append(_best(similar, places, nothing[:count], nothing[:count, 0]))
    return joined(parts)


def _best(similar: NDArray[np.float32], places: NDArray[np.intp], positive: NDArray[np.bool_],
          inside: NDArray[np.bool_]) -> Asked:
    every = np.arange(len(similar))
    best = similar.argmax(1)
    score = similar[every, best]
    second = np.where(places == places[best, np.newaxis], -np.inf, similar).max(1)
    # Where nothing at all is left there is no lead either.
    lead = np.subtract(score, second, out=np.zeros_like(score), where=np.isfinite(score))
    return Asked(score, lead, positive[every, best], inside)


def _mask(rows: Sequence[NDArray[np.int64]], width: int) -> NDArray[np.bool_]:
    mask = np.zeros((len(rows), width), bool)
    for query, columns in enumerate(rows):
        mask[query, columns] = True
    return mask


def _found(asked: Asked) -> Asked:
    return asked.take(np.isfinite(asked.score))
