# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The descriptors on disk, index.faiss: a flat FAISS index by inner product.

FAISS allocates what a file's header says before it reads on, so the header is checked first.
"""

from pathlib import Path
import struct

import faiss
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError
from structvpr_ros.inference.unit_length import unit_rows

# Layout of a flat index as FAISS writes it: four letters, D, N, two unused numbers, whether it
# is trained, the metric (0: inner product), the number of floats; then the floats.
_HEADER = struct.Struct('<4siqqqBiQ')
_BLOCK = 1 << 16


def write_index(path: Path, descriptors: NDArray[np.floating]) -> None:
    """Write (N, D) descriptors of unit length as a flat index by inner product."""
    index = faiss.IndexFlatIP(descriptors.shape[1])
    index.add(np.ascontiguousarray(descriptors, np.float32))
    faiss.write_index(index, str(path))


def read_index(path: Path, frames: int, descriptor_size: int) -> faiss.IndexFlat:
    """
    Read and check a flat index of ``frames`` descriptors of ``descriptor_size``.

    :raises MapError: the file is another one, was cut, or holds a descriptor that is not of
        unit length.
    """
    _check_header(path, frames, descriptor_size)
    try:
        index = faiss.read_index(str(path))
    except RuntimeError as error:
        raise MapError(f'{path}: FAISS cannot read it: {error}') from error
    if not isinstance(index, faiss.IndexFlat):
        raise MapError(f'{path}: expected a flat index, found {type(index).__name__}')
    _check_lengths(path, index)
    return index


def _check_header(path: Path, frames: int, descriptor_size: int) -> None:
    expected_size = _HEADER.size + 4 * frames * descriptor_size
    found_size = path.stat().st_size
    if found_size != expected_size:
        raise MapError(f'{path}: expected {expected_size} bytes for {frames} descriptors of '
                       f'{descriptor_size}, found {found_size}')
    with path.open('rb') as file:
        kind, size, count, _, _, trained, metric, floats = _HEADER.unpack(
            file.read(_HEADER.size))
    expected = (b'IxFI', descriptor_size, frames, 1, 0, frames * descriptor_size)
    found = (kind, size, count, trained, metric, floats)
    if found != expected:
        raise MapError(f'{path}: expected a flat index with the header {expected}, '
                       f'found {found}')


def _check_lengths(path: Path, index: faiss.IndexFlat) -> None:
    for first in range(0, index.ntotal, _BLOCK):
        block = index.reconstruct_n(first, min(_BLOCK, index.ntotal - first))
        good = unit_rows(block)
        if good < len(block):
            raise MapError(f'{path}: expected descriptors of unit length, found length '
                           f'{np.linalg.norm(block[good])} in row {first + good}')
