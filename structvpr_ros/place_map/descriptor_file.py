# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The descriptors of a large map on disk, descriptors.f16: float16 (N, D), little-endian, no header.

They are mapped into memory, so that only those that are looked at are read.
"""

import mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError
from structvpr_ros.inference.unit_length import unit_rows

_STORED = np.dtype('<f2')
_BLOCK = 1 << 14


def write_descriptors(path: Path, descriptors: NDArray[np.floating]) -> None:
    """Write (N, D) descriptors of unit length; rounding changes a score by 1e-4 or so."""
    with path.open('wb') as file:
        for start in range(0, len(descriptors), _BLOCK):
            file.write(descriptors[start:start + _BLOCK].astype(_STORED).tobytes())


def open_descriptors(path: Path, frames: int, descriptor_size: int) -> NDArray[np.float16]:
    """
    Map the descriptors of a map into memory; nothing of them is read yet.

    :return: float16 (N, D), read-only. It outlives the file's name.
    :raises MapError: there is no such file, or one of another size.
    """
    expected = _STORED.itemsize * frames * descriptor_size
    if not path.is_file():
        raise MapError(f'{path}: expected a file of the place map, found none')
    if path.stat().st_size != expected:
        raise MapError(f'{path}: expected {expected} bytes for {frames} descriptors of '
                       f'{descriptor_size}, found {path.stat().st_size}')
    with path.open('rb') as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    # Rows are asked for here and there: what lies around them is not worth reading.
    mapped.madvise(mmap.MADV_RANDOM)
    return np.frombuffer(mapped, _STORED).reshape(frames, descriptor_size)


def check_descriptors(path: Path, frames: int, descriptor_size: int) -> None:
    """
    Read all descriptors of a map.

    :raises MapError: as ``open_descriptors``, or one is not of unit length.
    """
    stored = open_descriptors(path, frames, descriptor_size)
    for start in range(0, frames, _BLOCK):
        block = stored[start:start + _BLOCK].astype(np.float32)
        good = unit_rows(block)
        if good < len(block):
            raise MapError(f'{path}: expected descriptors of unit length, found length '
                           f'{np.linalg.norm(block[good])} in row {start + good}')
