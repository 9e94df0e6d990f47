# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The codes of a large map on disk, index.ivf: a header of fixed size, then the arrays.

The header and the number of frames say how long the file must be, so nothing is allocated for a
file that only claims to be large.
"""

from pathlib import Path
import struct

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.codes import BITS, code_count, Codes, NUMBERS

# Eight letters; D, N, L.
_HEADER = struct.Struct('<8sQQQ')
_MAGIC = b'SVPRIVF1'


def write_codes(path: Path, codes: Codes) -> None:
    """Write the codes of a map."""
    shapes = _shapes(codes.projection.shape[1], len(codes.rows), len(codes.centroids))
    with path.open('wb') as file:
        file.write(_HEADER.pack(_MAGIC, codes.projection.shape[1], len(codes.rows),
                                len(codes.centroids)))
        for name, (kind, shape) in shapes.items():
            array = getattr(codes, name)
            assert array.shape == shape
            file.write(np.ascontiguousarray(array, kind).tobytes())


def read_codes(path: Path, frames: int, descriptor_size: int) -> Codes:
    """
    Read and check the codes of a map of ``frames`` descriptors of ``descriptor_size``.

    :raises MapError: the file is another one, was cut, or its parts disagree.
    """
    found_size = path.stat().st_size
    with path.open('rb') as file:
        head = file.read(_HEADER.size)
        magic, size, count, cells = (_HEADER.unpack(head) if len(head) == _HEADER.size
                                     else (head, 0, 0, 0))
        if (magic, size, count) != (_MAGIC, descriptor_size, frames) or not 0 < cells <= frames:
            raise MapError(f'{path}: expected codes of {frames} descriptors of {descriptor_size} '
                           f'in at most as many cells, found {magic[:8]!r} of {count} of {size} '
                           f'in {cells}')
        shapes = _shapes(size, count, cells)
        expected_size = _HEADER.size + sum(map(_bytes, shapes.values()))
        if found_size != expected_size:
            raise MapError(f'{path}: expected {expected_size} bytes, found {found_size}')
        arrays = {name: np.frombuffer(file.read(_bytes(part)), part[0]).reshape(part[1])
                  for name, part in shapes.items()}
    _check(path, arrays)
    return Codes(**{name: array.astype(np.int64) if array.dtype.kind == 'u' and name != 'codes'
                    else array for name, array in arrays.items()})


def _shapes(size: int, count: int, cells: int) -> dict[str, tuple[str, tuple[int, ...]]]:
    codes = code_count(size)
    return {'projection': ('<f4', (NUMBERS * codes, size)),
            'centroids': ('<f4', (cells, NUMBERS * codes)),
            'codebook': ('<f4', (codes, 1 << BITS, NUMBERS)),
            'sizes': ('<u4', (cells,)),
            'rows': ('<u4', (count,)),
            'codes': ('u1', (count, (codes * BITS + 7) // 8))}


def _bytes(part: tuple[str, tuple[int, ...]]) -> int:
    kind, shape = part
    return np.dtype(kind).itemsize * int(np.prod(shape, dtype=object))


def _check(path: Path, arrays: dict[str, NDArray]) -> None:
    for name in ('projection', 'centroids', 'codebook'):
        if not np.isfinite(arrays[name]).all():
            raise MapError(f'{path}: expected finite numbers as {name}, found NaN or infinity')
    frames = len(arrays['rows'])
    if arrays['sizes'].sum(dtype=object) != frames:
        raise MapError(f'{path}: expected cells of {frames} frames in all, found '
                       f'{arrays["sizes"].sum(dtype=object)}')
    seen = np.zeros(frames, bool)
    seen[arrays['rows'][arrays['rows'] < frames]] = True
    if not seen.all():
        raise MapError(f'{path}: expected each frame in one cell, found none for row '
                       f'{int(np.argmin(seen))}')
