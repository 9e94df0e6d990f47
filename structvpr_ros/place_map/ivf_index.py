# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The index of a large map: short codes in memory tell candidates, descriptors on disk decide."""

import faiss
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.codes import BITS, Codes

# Codes that are looked at for one query, about: a map of fewer frames is looked at whole, and
# one of more takes no longer.
SCANNED = 1 << 17
# Candidates whose descriptors are looked at: what the codes get wrong is set right by then.
_CANDIDATES = 200
_BLOCK = 1 << 14


class IvfIndex:
    """
    An approximate search; several threads may search at once.

    The cells nearest to the query are scanned, and the frames that their codes rank first are
    ranked anew by their descriptors. Scores are those of the descriptors on disk.
    """

    def __init__(self, codes: Codes, descriptors: NDArray[np.float16]) -> None:
        """
        Search a map by its codes.

        :param descriptors: float16 (N, D), of all frames, in memory or mapped.
        """
        self._projection = codes.projection
        self._descriptors = descriptors
        # FAISS refers to the cells, and does not keep them alive.
        self._cells = faiss.IndexFlatIP(codes.centroids.shape[1])
        self._cells.add(codes.centroids)
        self._index = _fast_scan(codes, self._cells)
        # So many frames are in any cells of that number, at least.
        self._least = np.cumsum(np.sort(codes.sizes))
        self._probes = min(-(-SCANNED * len(codes.sizes) // len(self)), len(codes.sizes))

    def __len__(self) -> int:
        return len(self._descriptors)

    def descriptors(self) -> NDArray[np.float16]:
        """Return the descriptors of all frames, float16 (N, D), by row; they stay on disk."""
        return self._descriptors

    def search(self, descriptors: NDArray[np.float32],
               k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """
        Find ``k`` frames with large inner products, as PlaceMap.search does.

        :param k: 1 to N; for N all are found, at the price of a look at each.
        :raises MapError: the descriptors on disk are corrupt.
        """
        wanted = min(max(_CANDIDATES, 2 * k), len(self))
        probes = max(self._probes, int(np.searchsorted(self._least, wanted)) + 1)
        _, candidates = self._index.search(
            np.ascontiguousarray(descriptors @ self._projection.T), wanted,
            params=faiss.SearchParametersIVF(nprobe=probes))
        scores = np.empty((len(descriptors), k), np.float32)
        rows = np.empty((len(descriptors), k), np.int64)
        for query, (descriptor, found) in enumerate(zip(descriptors, candidates)):
            found = np.sort(found[found >= 0])
            if len(found) < k:
                # FAISS never returns what has the least score that codes can tell.
                found = np.arange(len(self))
            exact = self._score(descriptor, found)
            order = np.argsort(-exact, kind='stable')[:k]
            scores[query], rows[query] = exact[order], found[order]
        return scores, rows

    def _score(self, descriptor: NDArray[np.float32],
               rows: NDArray[np.int64]) -> NDArray[np.float32]:
        scores = np.concatenate([
            self._descriptors[rows[start:start + _BLOCK]].astype(np.float32) @ descriptor
            for start in range(0, len(rows), _BLOCK)])
        # Nobody has looked at these descriptors before. Written so that NaN fails too.
        limit = 1.01 * np.linalg.norm(descriptor)
        if not (np.abs(scores) <= limit).all():
            raise MapError('expected descriptors of unit length in the map, found others: '
                           'corrupt; map check tells more')
        return scores


def _fast_scan(codes: Codes, cells: faiss.IndexFlatIP) -> faiss.IndexIVFPQFastScan:
    index = faiss.IndexIVFPQ(cells, cells.d, cells.ntotal, len(codes.codebook), BITS,
                             faiss.METRIC_INNER_PRODUCT)
    faiss.copy_array_to_vector(codes.codebook.ravel(), index.pq.centroids)
    index.is_trained = True
    ends = np.cumsum(codes.sizes)
    for cell, (start, end) in enumerate(zip(ends - codes.sizes, ends)):
        if end > start:
            index.invlists.add_entries(cell, int(end - start),
                                       faiss.swig_ptr(codes.rows[start:end]),
                                       faiss.swig_ptr(codes.codes[start:end]))
    index.ntotal = len(codes.rows)
    return faiss.IndexIVFPQFastScan(index)
