# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The exact index: every descriptor in memory, every one looked at."""

import faiss
import numpy as np
from numpy.typing import NDArray


class FlatIndex:
    """A look at every frame; several threads may search it at once."""

    def __init__(self, index: faiss.IndexFlat) -> None:
        """Search a flat FAISS index by inner product."""
        self._index = index

    def __len__(self) -> int:
        return self._index.ntotal

    def descriptors(self) -> NDArray[np.float32]:
        """Return the descriptors of all frames, float32 (N, D), by row."""
        return self._index.reconstruct_n(0, len(self))

    def search(self, descriptors: NDArray[np.float32],
               k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """
        Find the ``k`` frames with the largest inner products, as PlaceMap.search does.

        :param k: 1 to N.
        """
        # Where scores tie across the end, FAISS keeps any: look on until the tie is complete.
        depth = min(k + 1, len(self))
        scores, rows = self._index.search(descriptors, depth)
        while depth < len(self) and (scores[:, -1] == scores[:, k - 1]).any():
            depth = min(2 * depth, len(self))
            scores, rows = self._index.search(descriptors, depth)
        order = np.lexsort((rows, -scores))[:, :k]
        return np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)
