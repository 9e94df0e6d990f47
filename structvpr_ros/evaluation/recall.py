# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Recall at K: the share of queries with a positive among the first K answers."""

from typing import Sequence

import faiss
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import DatasetError

RECALL_AT = (1, 5, 10)


def rank_database(queries: NDArray[np.float32], database: NDArray[np.float32],
                  depth: int) -> NDArray[np.int64]:
    """
    Return the database rows nearest to each query by inner product, best first.

    :param queries: (Q, D) float32 descriptors.
    :param database: (N, D) float32 descriptors.
    :param depth: how many answers a query gets; N where the database is smaller.
    :return: (Q, min(depth, N)) int64.
    """
    index = faiss.IndexFlatIP(database.shape[1])
    index.add(np.ascontiguousarray(database))
    return index.search(np.ascontiguousarray(queries), min(depth, len(database)))[1]


def recall_at(ranked: NDArray[np.int64], positives: Sequence[NDArray[np.int64]],
              depths: Sequence[int] = RECALL_AT) -> dict[int, float]:
    """
    Return R@K for each K in ``depths``, in 0..1.

    Queries without any positive in the database are left out, as is usual: nothing could
    answer them.

    :param ranked: (Q, K) int64, per query the database rows it was answered with, best first.
    :param positives: per query the database rows that are right.
    :raises DatasetError: no query has a positive, so there is nothing to measure.
    """
    answerable = [query for query, rows in enumerate(positives) if len(rows)]
    if not answerable:
        raise DatasetError(f'none of {len(positives)} queries has a positive in the map')
    hits = np.array([np.isin(ranked[query], positives[query]) for query in answerable])
    return {depth: float(hits[:, :depth].any(axis=1).mean()) for depth in depths}
