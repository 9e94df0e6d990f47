# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which images show the same place: by a list, by distance, or by place ID."""

from dataclasses import dataclass
import math
from typing import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError

Rows = tuple[NDArray[np.int64], ...]


@dataclass(frozen=True)
class Proximity:
    """
    What counts as the same place where positions are known.

    :param positive_radius: metres; images within it, looking the same way, are positives.
    :param negative_radius: metres; images beyond it are negatives. Between the two lies what
        is neither.
    :param positive_angle: radians; the largest difference of headings of a positive. It binds
        only where both headings are known.
    """

    positive_radius: float = 10.0
    negative_radius: float = 25.0
    positive_angle: float = math.pi / 4

    def __post_init__(self) -> None:
        if not 0 < self.positive_radius <= self.negative_radius:
            raise ConfigurationError(
                'expected 0 < positive_radius <= negative_radius, found '
                f'{self.positive_radius} and {self.negative_radius}')
        if not 0 < self.positive_angle <= math.pi:
            raise ConfigurationError(
                f'expected positive_angle in (0, pi], found {self.positive_angle}')


@dataclass(frozen=True)
class Relations:
    """
    For each query its positives and its non-negatives among the rows of a database.

    :param positives: per query, ascending database rows that show the same place.
    :param excluded: per query, ascending database rows that are not negatives: the positives,
        those too near to be negatives, and the query's own image. Negatives are all the others.
    """

    positives: Rows
    excluded: Rows

    def pairs(self) -> NDArray[np.int64]:
        """Return all query-positive pairs as (P, 2): query row, database row."""
        counts = [len(rows) for rows in self.positives]
        queries = np.repeat(np.arange(len(self.positives)), counts)
        return np.stack([queries, _concatenate(self.positives)], axis=1)

    def positive_mask(self, database_size: int) -> NDArray[np.bool_]:
        """Return (Q, N) bool, True where the pair is positive; for small tables."""
        return _mask(self.positives, database_size)

    def negative_mask(self, database_size: int) -> NDArray[np.bool_]:
        """Return (Q, N) bool, True where the pair is negative; for small tables."""
        return ~_mask(self.excluded, database_size)


def relate(queries: PlaceTable, database: PlaceTable, proximity: Proximity) -> Relations:
    """
    Find the positives and non-negatives of each query.

    The queries' own truth decides where they have one, positions where both tables have them,
    place IDs otherwise. An image is never its own positive: the two tables may overlap or be the
    same.
    """
    if queries.truth is not None:
        near = close = _by_truth(queries, database)
    elif queries.positions is not None and database.positions is not None:
        near, close = _by_distance(queries, database, proximity)
    else:
        near = close = _by_place(queries, database)
    own = _own_rows(queries, database)
    return Relations(
        positives=tuple(np.setdiff1d(rows, mine) for rows, mine in zip(near, own)),
        excluded=tuple(np.union1d(rows, mine) for rows, mine in zip(close, own)))


def _by_distance(queries: PlaceTable, database: PlaceTable,
                 proximity: Proximity) -> tuple[Rows, Rows]:
    tree = cKDTree(database.positions)
    near = tree.query_ball_point(queries.positions, proximity.positive_radius)
    close = tree.query_ball_point(queries.positions, proximity.negative_radius)
    positives = []
    for heading, rows in zip(queries.headings, near):
        rows = np.array(sorted(rows), np.int64)
        turn = np.abs(_wrap(database.headings[rows] - heading))
        # NaN compares false: an unknown heading forbids nothing.
        positives.append(rows[~(turn > proximity.positive_angle)])
    return tuple(positives), tuple(np.array(sorted(rows), np.int64) for rows in close)


def _by_truth(queries: PlaceTable, database: PlaceTable) -> Rows:
    row_of = {image: row for row, image in enumerate(database.images)}
    return tuple(np.array(sorted(row_of[right] for right in queries.truth.get(image, ())
                                 if right in row_of), np.int64) for image in queries.images)


def _by_place(queries: PlaceTable, database: PlaceTable) -> Rows:
    members: dict[str, list[int]] = {}
    for row, place in enumerate(database.places):
        members.setdefault(place, []).append(row)
    return tuple(np.array(members.get(place, []), np.int64) for place in queries.places)


def _own_rows(queries: PlaceTable, database: PlaceTable) -> Rows:
    if queries.root != database.root:
        return tuple(np.empty(0, np.int64) for _ in queries.images)
    row_of = {image: row for row, image in enumerate(database.images)}
    return tuple(np.array([row_of[image]] if image in row_of else [], np.int64)
                 for image in queries.images)


def _wrap(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    return (angles + math.pi) % (2 * math.pi) - math.pi


def _concatenate(rows: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([*rows, np.empty(0, np.int64)])


def _mask(rows: Rows, width: int) -> NDArray[np.bool_]:
    mask = np.zeros((len(rows), width), bool)
    for query, columns in enumerate(rows):
        mask[query, columns] = True
    return mask
