# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The local features of a map's frames on disk, features.bin: a header, then a record a frame.

All records are of one length, so that nothing in the file says where to read. They are mapped
into memory: only those of the frames that are looked at are read.
"""

import mmap
from pathlib import Path
import struct
from typing import get_args, Iterable

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.registry import FeatureKind
from structvpr_ros.place_map.feature_record import FeatureRecord

_HEADER = struct.Struct('<8s32sQII')
_MAGIC = b'SVPRLF01'


def write_features(path: Path, record: FeatureRecord, rows: Iterable[bytes]) -> None:
    """
    Write the local features of a map.

    :param rows: of each frame what ``record.encode`` returns.
    """
    with path.open('wb') as file:
        file.write(bytes(_HEADER.size))
        frames = sum(file.write(row) // record.dtype.itemsize for row in rows)
        file.seek(0)
        file.write(_HEADER.pack(_MAGIC, record.kind.encode(), frames, record.most, record.size))


class FrameFeatures:
    """
    The local features of an open map; several threads may read them.

    :ivar record: how they are stored, and of what kind.
    """

    def __init__(self, path: Path, frames: int) -> None:
        """
        Map the features of a map of ``frames`` frames into memory; nothing of them is read yet.

        The file stays open: whoever replaces or deletes the map changes nothing here.

        :raises MapError: there is no such file, one of another length, or of an unknown kind.
        """
        self._path = path
        if path.is_symlink() or not path.is_file():
            # In a map from elsewhere a link may name any file of this machine.
            raise MapError(f'{path}: expected a file of the place map, found '
                           f'{"a link" if path.is_symlink() else "none"}')
        with path.open('rb') as file:
            self.record = _read_header(path, file.read(_HEADER.size), frames)
            expected = _HEADER.size + frames * self.record.dtype.itemsize
            # Of what is open now, not of what may have taken its name since.
            found = file.seek(0, 2)
            if found != expected:
                raise MapError(f'{path}: expected {expected} bytes for {frames} records of '
                               f'{self.record.dtype.itemsize}, found {found}')
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # Frames are asked for here and there: what lies around them is not worth reading.
        mapped.madvise(mmap.MADV_RANDOM)
        self._records: NDArray = np.frombuffer(mapped, self.record.dtype, offset=_HEADER.size)

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, row: int) -> LocalFeatures:
        """
        Read the features of a frame.

        :raises MapError: the file is corrupt there.
        """
        if not 0 <= row < len(self):
            raise IndexError(row)
        try:
            return self.record.decode(self._records[row])
        except MapError as error:
            raise MapError(f'{self._path}: row {row}: {error}: corrupt') from error

    def stored(self, row: int) -> bytes:
        """Return the record of a frame as it is."""
        return self._records[row].tobytes()

    def counts(self) -> NDArray[np.int64]:
        """Return how many features each frame has, (N,), as the file says."""
        return self._records['count'].astype(np.int64)


def check_features(path: Path, frames: int) -> None:
    """
    Look at the features of all frames of a map.

    :raises MapError: as ``FrameFeatures``, or a frame claims to have more than it can.
    """
    features = FrameFeatures(path, frames)
    over = np.flatnonzero(features.counts() > features.record.most)
    if len(over):
        features[int(over[0])]


def _read_header(path: Path, head: bytes, frames: int) -> FeatureRecord:
    magic, kind, count, most, size = (_HEADER.unpack(head) if len(head) == _HEADER.size
                                      else (head, b'', 0, 0, 0))
    name = kind.rstrip(b'\0').decode('ascii', 'replace')
    if (magic, count) != (_MAGIC, frames) or name not in get_args(FeatureKind):
        raise MapError(f'{path}: expected local features of {frames} frames, of kind '
                       f'{", ".join(get_args(FeatureKind))}, found {magic[:8]!r} of {count}, of '
                       f'kind {name!r}')
    try:
        return FeatureRecord(name, most, size)
    except MapError as error:
        raise MapError(f'{path}: {error}') from error
