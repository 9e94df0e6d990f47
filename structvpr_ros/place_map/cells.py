# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Cells of descriptors that are alike: k-means in two steps, each far cheaper than one of all."""

import faiss
import numpy as np
from numpy.typing import NDArray

_ROUNDS = 8
_SEED = 1
# Points for each centroid that k-means looks at; more makes it no better.
_ENOUGH = 100


class Cells:
    """
    A partition of space into L cells around centroids.

    Regions first, then cells within each: a point is in the nearest cell of the nearest region.

    :ivar centroids: float32 (L, P).
    """

    def __init__(self, points: NDArray[np.float32], count: int) -> None:
        """
        Cut the space so that points spread over some ``count`` cells.

        :param points: float32 (n, P), a fair sample.
        """
        self._regions = _kmeans(points, max(round(count ** 0.5), 1))
        owners = _nearest(self._regions, points)
        self._cells = [
            _kmeans(points[owners == region], count * np.count_nonzero(owners == region)
                    // len(points)) if (owners == region).any() else self._regions[[region]]
            for region in range(len(self._regions))]
        self._first = np.cumsum([0] + [len(cells) for cells in self._cells])
        self.centroids = np.concatenate(self._cells)

    def assign(self, points: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the cell of each point, int64 (n,)."""
        regions = _nearest(self._regions, points)
        cells = np.empty(len(points), np.int64)
        for region in np.unique(regions):
            members = np.flatnonzero(regions == region)
            cells[members] = self._first[region] + _nearest(self._cells[region], points[members])
        return cells


def _kmeans(points: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    kmeans = faiss.Kmeans(points.shape[1], min(max(count, 1), len(points)), niter=_ROUNDS,
                          seed=_SEED, min_points_per_centroid=1, max_points_per_centroid=_ENOUGH)
    kmeans.train(points)
    return kmeans.centroids


def _nearest(centroids: NDArray[np.float32], points: NDArray[np.float32]) -> NDArray[np.int64]:
    index = faiss.IndexFlatL2(centroids.shape[1])
    index.add(centroids)
    return index.search(points, 1)[1][:, 0]
