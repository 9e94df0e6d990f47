# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Mining: which tuples of a query, a positive and hard negatives an epoch trains on.

Hard are the negatives that the network confuses with the query at present, by a cache of
descriptors. Both the queries and the images that negatives are sought among are drawn anew each
time, so that a large data set is never described as a whole.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.proximity import Relations
from structvpr_ros.errors import DatasetError

Describe = Callable[[NDArray[np.int64]], NDArray[np.float32]]


@dataclass(frozen=True)
class Mining:
    """
    How tuples are mined.

    :param tuples: how many an epoch has; each has another query, so fewer where queries lack.
    :param negatives: how many negatives a tuple has, each of another place.
    :param pool: how many images, drawn at random, the negatives are sought among.
    """

    tuples: int
    negatives: int
    pool: int


def check_minable(relations: Relations, negatives: int) -> None:
    """
    Check that training on this table can work at all.

    :raises DatasetError: no image has both a positive and enough negatives.
    """
    if not len(_usable_queries(relations, negatives)):
        raise DatasetError(
            f'none of {len(relations.positives)} training images has both a positive and '
            f'{negatives} negatives: too few images, or radii that do not fit their positions')


def mine(relations: Relations, mining: Mining, describe: Describe,
         rng: np.random.Generator) -> NDArray[np.int64]:
    """
    Draw queries and a positive each, and find the hardest negatives in a random pool.

    :param relations: of the training table with itself.
    :param describe: gives the present descriptors, (n, D) float32, of n rows of the table.
    :return: (T, 2 + negatives) rows of the table: query, positive, negatives; in random order.
    :raises DatasetError: no query finds enough negatives of different places in the pool.
    """
    usable = _usable_queries(relations, mining.negatives)
    queries = rng.permutation(usable)[:mining.tuples]
    pool = rng.permutation(len(relations.positives))[:mining.pool]
    needed, where = np.unique(np.concatenate([queries, pool]), return_inverse=True)
    descriptors = describe(needed)
    scores = descriptors[where[:len(queries)]] @ descriptors[where[len(queries):]].T
    tuples = []
    for query, row in zip(queries, scores):
        positive = rng.choice(relations.positives[query])
        negatives = _hardest(pool[np.argsort(-row)], query, relations, mining.negatives)
        if len(negatives) == mining.negatives:
            tuples.append([query, positive, *negatives])
    if not tuples:
        raise DatasetError(
            f'none of {len(queries)} queries has {mining.negatives} negatives of different '
            f'places among {len(pool)} images: expected a larger pool or more places')
    return np.array(tuples, np.int64)


def _usable_queries(relations: Relations, negatives: int) -> NDArray[np.int64]:
    count = len(relations.positives)
    return np.array([query for query in range(count)
                     if len(relations.positives[query])
                     and count - len(relations.excluded[query]) >= negatives], np.int64)


def _hardest(ordered: NDArray[np.int64], query: int, relations: Relations,
             wanted: int) -> list[int]:
    # A place that is confused is so in many images; one of each is enough.
    banned = set(relations.excluded[query].tolist())
    chosen: list[int] = []
    for row in ordered.tolist():
        if row not in banned:
            chosen.append(row)
            banned.update(relations.excluded[row].tolist())
            if len(chosen) == wanted:
                break
    return chosen
