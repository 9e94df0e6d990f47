# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Short codes of descriptors, learned from the descriptors of a map.

A descriptor is projected on the principal axes, half as many as it has numbers, and turned at
random, so that all axes count alike. What is left of it beyond the centroid of its cell is coded
by product quantisation with four bits for each four numbers: Jegou, Douze, Schmid, Product
Quantization for Nearest Neighbor Search, PAMI 2011; the scan of four-bit codes in registers is
that of Andre, Kermarrec, Le Scouarnec, Quicker ADC, PAMI 2021, as FAISS has it.
"""

from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.place_map.cells import Cells

CELL_FRAMES = 250  # frames in a cell, about
BITS = 4
NUMBERS = 4  # of a projected descriptor that share a code
_SAMPLE = 250_000  # descriptors that are learned from, at most
_CODED = 50_000  # of those, how many the codes are learned from
_BLOCK = 50_000
_SEED = 1


@dataclass(frozen=True)
class Codes:
    """
    A map in short: which descriptors are alike, and roughly how they look.

    :param projection: float32 (P, D), P = 4 M.
    :param centroids: float32 (L, P), of the cells.
    :param codebook: float32 (M, 16, 4), what the codes stand for.
    :param sizes: int64 (L,), the number of frames in each cell.
    :param rows: int64 (N,), the frames, cell by cell.
    :param codes: uint8 (N, ceil(M / 2)), in the order of ``rows``.
    """

    projection: NDArray[np.float32]
    centroids: NDArray[np.float32]
    codebook: NDArray[np.float32]
    sizes: NDArray[np.int64]
    rows: NDArray[np.int64]
    codes: NDArray[np.uint8]


def code_count(descriptor_size: int) -> int:
    """Return M, the number of codes of a descriptor of ``descriptor_size`` numbers."""
    return descriptor_size // (2 * NUMBERS)


def make_codes(descriptors: NDArray[np.floating]) -> Codes:
    """
    Learn codes from the descriptors of a map, and code all of them.

    :param descriptors: (N, D), unit length; N at least 16 and D at least 8.
    """
    random = np.random.default_rng(_SEED)
    count = len(descriptors)
    chosen = np.sort(random.permutation(count)[:_SAMPLE])
    sample = descriptors[chosen].astype(np.float32)
    mean = sample.mean(0)
    projection = _projection(sample - mean, code_count(descriptors.shape[1]) * NUMBERS, random)
    points = (sample - mean) @ projection.T
    cells = Cells(points, max(count // CELL_FRAMES, 1))
    points = points[:: max(len(points) // _CODED, 1)]
    quantizer = faiss.ProductQuantizer(len(projection), len(projection) // NUMBERS, BITS)
    quantizer.cp.min_points_per_centroid = 1  # or FAISS would warn on stderr
    quantizer.train(np.ascontiguousarray(points - cells.centroids[cells.assign(points)]))
    owners, codes = np.empty(count, np.int64), np.empty((count, quantizer.code_size), np.uint8)
    for start in range(0, count, _BLOCK):
        block = slice(start, start + _BLOCK)
        points = (descriptors[block].astype(np.float32) - mean) @ projection.T
        owners[block] = cells.assign(points)
        codes[block] = quantizer.compute_codes(points - cells.centroids[owners[block]])
    rows = np.argsort(owners, kind='stable')
    return Codes(projection, cells.centroids, _codebook(quantizer),
                 np.bincount(owners, minlength=len(cells.centroids)), rows, codes[rows])


def _projection(centred: NDArray[np.float32], size: int,
                random: np.random.Generator) -> NDArray[np.float32]:
    _, axes = np.linalg.eigh(centred.T @ centred)
    turn, _ = np.linalg.qr(random.normal(size=(size, size)))
    return np.ascontiguousarray(turn @ axes[:, -size:].T, np.float32)


def _codebook(quantizer: faiss.ProductQuantizer) -> NDArray[np.float32]:
    return faiss.vector_to_array(quantizer.centroids).reshape(quantizer.M, 1 << BITS, NUMBERS)
