# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a system answers to a query: the nearest images of the database and their scores."""

from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Answers:
    """
    Per query the nearest images of the database, best first.

    :param scores: (Q, K) float32, falling along each row: similarities, or inliers where a second
        stage has re-ranked.
    :param rows: (Q, K) int64, rows of the database.
    """

    scores: NDArray[np.float32]
    rows: NDArray[np.int64]


def exact_index(database: NDArray[np.float32]) -> faiss.IndexFlatIP:
    """Return an exact index by inner product over float32 (N, D) descriptors."""
    index = faiss.IndexFlatIP(database.shape[1])
    index.add(np.ascontiguousarray(database))
    return index


def rank_database(queries: NDArray[np.float32], database: NDArray[np.float32],
                  depth: int) -> Answers:
    """
    Find the database rows nearest to each query by inner product.

    :param queries: (Q, D) float32 descriptors.
    :param database: (N, D) float32 descriptors.
    :param depth: how many answers a query gets; N where the database is smaller.
    """
    return Answers(*exact_index(database).search(
        np.ascontiguousarray(queries), min(depth, len(database))))
