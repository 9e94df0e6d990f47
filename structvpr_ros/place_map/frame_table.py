# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The frames of a large map: left on disk, read one by one."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Iterator

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.frame_file import COLUMNS, open_frames, to_frame
from structvpr_ros.place_map.sqlite_file import sqlite_faults

_BLOCK = 4096


class FrameTable(Sequence):
    """The frames of an open map by row; several threads may read them."""

    def __init__(self, path: Path, count: int) -> None:
        """
        Open the frames of a map; each is checked when it is read.

        The file stays open: whoever replaces or deletes the map changes nothing here.

        :raises MapError: no such database, another schema, or another last row.
        """
        if not path.is_file():
            raise MapError(f'{path}: expected a file of the place map, found none')
        self._path = path
        self._count = count
        self._lock = Lock()
        self._database = open_frames(path)
        with sqlite_faults(path):
            last, = self._database.execute('SELECT max(row) FROM frames').fetchone()
        if last != count - 1:
            raise MapError(f'{path}: expected {count} frames, found {last!r} as the last row')

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> Frame:
        """
        Read the frame of a row.

        :raises MapError: it is missing, or has a value that no frame can have.
        """
        if not 0 <= row < self._count:
            raise IndexError(row)
        return self._read(row, row + 1)[0]

    def __iter__(self) -> Iterator[Frame]:
        for start in range(0, self._count, _BLOCK):
            yield from self._read(start, min(start + _BLOCK, self._count))

    def _read(self, start: int, end: int) -> list[Frame]:
        with self._lock, sqlite_faults(self._path):
            stored = self._database.execute(
                f'SELECT {COLUMNS} FROM frames WHERE row >= ? AND row < ? ORDER BY row',
                (start, end)).fetchall()
        if len(stored) != end - start:
            raise MapError(f'{self._path}: expected frames from row {start} to {end - 1}, found '
                           f'{len(stored)}: corrupt')
        return [to_frame(self._path, row, values)
                for row, values in zip(range(start, end), stored)]
