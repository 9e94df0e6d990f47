# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How descriptors are spread: what tells whether made ones are like real ones."""

import faiss
import numpy as np
from numpy.typing import NDArray

_CELLS = 32
_NEIGHBOURS = 11


def likeness(frames: NDArray[np.float32], queries: NDArray[np.float32]) -> dict[str, list[float]]:
    """
    Return medians and other figures of (N, D) descriptors of a route and (Q, D) queries.

    The intrinsic dimension is the estimate of Levina, Bickel, NIPS 2004, from 11 neighbours. The
    last line is the share of queries whose best frame is in the 1, 2, 4, 8 nearest of 32 cells.
    """
    scores = frames @ frames.T
    asked = np.sort(queries @ frames.T, 1)[:, ::-1]
    variances = np.linalg.eigvalsh(np.cov(frames.T))[::-1] / np.var(frames, 0).sum()
    figures = {
        'two frames, 10/50/90%': np.percentile(scores[np.triu_indices(len(scores), 5)],
                                               (10, 50, 90)),
        'frames 1/2/5/10 apart': [np.median(np.diag(scores, step)) for step in (1, 2, 5, 10)],
        'best of a query, 10/50/90%': np.percentile(asked[:, 0], (10, 50, 90)),
        '2nd/10th/50th of a query': np.median(asked[:, [1, 9, 49]], 0),
        'variance in 8/32/128 axes': np.cumsum(variances)[[7, 31, 127]],
        'intrinsic dimension': [_dimension(scores)],
        'best frame in 1/2/4/8 cells': _found_in_cells(frames, queries)}
    return {name: [round(float(value), 2) for value in values]
            for name, values in figures.items()}


def _dimension(scores: NDArray[np.float32]) -> float:
    near = np.sort(scores, 1)[:, ::-1][:, 1:1 + _NEIGHBOURS]
    distances = np.sqrt(np.maximum(2 - 2 * near, 1e-9))
    return 1 / np.log(distances[:, -1:] / distances[:, :-1]).mean()


def _found_in_cells(frames: NDArray[np.float32], queries: NDArray[np.float32]) -> list[float]:
    kmeans = faiss.Kmeans(frames.shape[1], _CELLS, seed=1, min_points_per_centroid=1)
    kmeans.train(frames)
    owners = kmeans.index.search(frames, 1)[1][:, 0]
    best = owners[(queries @ frames.T).argmax(1)]
    nearest = np.argsort(-(queries @ kmeans.centroids.T), 1)
    return [(nearest[:, :probes] == best[:, np.newaxis]).any(1).mean() for probes in (1, 2, 4, 8)]
