# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a changed network loses: its descriptors beside the old ones, and who is found by them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.errors import DatasetError

_MOST_QUERIES, _MOST_IMAGES = 500, 2000
# Splits that are searched and looked up, in the order of preference.
_SPLITS = (('val_map', 'val_query'), ('test_map', 'test_query'))


@dataclass(frozen=True)
class Question:
    """
    Queries, images to find them in, and which are right.

    :param right: per query, rows of the database; at least one.
    """

    queries: PlaceTable
    database: PlaceTable
    right: tuple[NDArray[np.int64], ...]


@dataclass(frozen=True)
class Comparison:
    """
    A changed network beside the one that it comes from.

    :param images: how many were compared, and ``queries`` of them sought in the others.
    :param mean_cosine: of the descriptors of the same image, and ``least_cosine``.
    :param before: R@1 in percent of the old network.
    :param mixed: of queries by the new one in a map by the old one, as on a robot.
    :param after: of the new one alone.
    """

    images: int
    queries: int
    mean_cosine: float
    least_cosine: float
    before: float
    mixed: float
    after: float

    @property
    def loss(self) -> float:
        """Return points of R@1 that are lost in the worse of both uses."""
        return self.before - min(self.mixed, self.after)

    def __str__(self) -> str:
        return (f'{self.images} images: cosine of their descriptors to those of float32 '
                f'{self.mean_cosine:.4f} on average, {self.least_cosine:.4f} at least; R@1 of '
                f'{self.queries} queries {self.before:.1f} % in float32, {self.mixed:.1f} % in '
                f'int8 against a map in float32, {self.after:.1f} % with both in int8')


def ask(table: PlaceTable) -> Question:
    """
    Choose what to compare by: the validation splits, else those for tests, else all in all.

    At most 500 queries are taken, spread evenly, and 2000 images, all right ones among them.

    :raises DatasetError: no query has a right answer.
    """
    for splits in _SPLITS:
        if set(splits) <= set(table.splits):
            database, queries = map(table.select, splits)
            break
    else:
        database = queries = table
    positives = relate(queries, database, Proximity()).positives
    asked = _spread([row for row, right in enumerate(positives) if len(right)], _MOST_QUERIES)
    if not len(asked):
        raise DatasetError(f'{table.root}: expected images that show the same place, to measure '
                           'R@1 by, found none')
    queries = queries.take(asked)
    needed = np.unique(np.concatenate([positives[row] for row in asked]))
    others = np.setdiff1d(np.arange(len(database)), needed)
    kept = np.union1d(needed, _spread(others, max(_MOST_IMAGES - len(needed), 0)))
    database = database.take(kept)
    return Question(queries, database, relate(queries, database, Proximity()).positives)


def compare(question: Question, old: tuple[NDArray[np.float32], NDArray[np.float32]],
            new: tuple[NDArray[np.float32], NDArray[np.float32]]) -> Comparison:
    """
    Compare the descriptors of two networks.

    :param old: (Q, D) and (N, D) of unit length: of the queries and of the database.
    :param new: likewise, of the changed network.
    """
    cosines = np.einsum('nd,nd->n', np.concatenate(old), np.concatenate(new))
    return Comparison(
        len(cosines), len(question.queries), float(cosines.mean()), float(cosines.min()),
        *(_recall(question, queries, database) for queries, database in (
            (old[0], old[1]), (new[0], old[1]), (new[0], new[1]))))


def _recall(question: Question, queries: NDArray[np.float32],
            database: NDArray[np.float32]) -> float:
    row_of = {image: row for row, image in enumerate(question.database.images)}
    same_root = question.queries.root == question.database.root
    found = 0
    for image, right, scores in zip(question.queries.images, question.right,
                                    queries @ database.T):
        if same_root and image in row_of:
            scores[row_of[image]] = -np.inf  # nobody is to find itself
        found += int(np.argmax(scores)) in right
    return 100 * found / len(question.right)


def _spread(rows: 'NDArray[np.int64] | list[int]', most: int) -> NDArray[np.int64]:
    rows = np.asarray(rows, np.int64)
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).round().astype(np.int64)]
