# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The rank of every positive under a branch: how well that branch knows a query-positive pair."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.proximity import Relations


def pair_ranks(queries: NDArray[np.float32], database: NDArray[np.float32],
               relations: Relations, chunk: int = 256) -> NDArray[np.int64]:
    """
    Rank the positive of each query-positive pair among the negatives of its query.

    A rank is 1 + the number of negatives that score above the positive (METHOD.md): other
    positives do not push it back, and neither do images that are neither positive nor negative.

    :param queries: (Q, D) float32 descriptors.
    :param database: (N, D) float32 descriptors.
    :param chunk: how many queries are scored at once; memory is chunk x N x 4 bytes.
    :return: (P,) int64, in the order of ``relations.pairs()``.
    """
    ranks = [np.empty(0, np.int64)]
    for start in range(0, len(queries), chunk):
        scores = queries[start:start + chunk] @ database.T
        for query, row in enumerate(scores, start):
            positives = row[relations.positives[query]]
            row[relations.excluded[query]] = -np.inf
            ranks.append(1 + _count_above(row, positives))
    return np.concatenate(ranks)


def _count_above(scores: NDArray[np.float32],
                 thresholds: NDArray[np.float32]) -> NDArray[np.int64]:
    return len(scores) - np.searchsorted(np.sort(scores), thresholds, side='right')
