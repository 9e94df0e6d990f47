# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Rows on their way into a map, kept on disk so that a killed build goes on."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Callable, Iterator, Optional, TypeVar

from structvpr_ros.errors import MapError

Log = TypeVar('Log', bound='RowLog')

_BLOCK = 1 << 24  # bytes that are read at once


class RowLog:
    """
    A file of rows of one length that grows as images are looked at; one process at a time has it.

    The file opens with a key that names what the rows are made of. Under the same key the rows
    that are whole are taken over, under another one the file starts anew.
    """

    def __init__(self, path: Path, key: bytes, width: int,
                 good_rows: Callable[[bytes], int]) -> None:
        """
        Open or start the log.

        :param path: the file.
        :param key: names model and images; of one length for all logs.
        :param width: bytes of a row.
        :param good_rows: tells how many of the whole rows it is given, from the first on, are
            what was written: a power cut may leave others.
        :raises MapError: another process has the log open.
        """
        self.path = path
        self._key = key
        self._width = width
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open('a+b')
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise MapError(f'{path}: another process is writing these rows') from error
        self._cut(good_rows)

    def __enter__(self: Log) -> Log:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self._file.close()

    def __len__(self) -> int:
        return (os.fstat(self._file.fileno()).st_size - len(self._key)) // self._width

    def remove(self) -> None:
        """Delete the file; its rows have arrived."""
        self.path.unlink(missing_ok=True)

    def _append(self, rows: bytes) -> None:
        # They outlive a kill of the process.
        self._file.write(rows)
        self._file.flush()

    def _blocks(self) -> Iterator[bytes]:
        # All rows, many at once, each block whole ones.
        self._file.seek(len(self._key))
        length = max(_BLOCK // self._width, 1) * self._width
        while block := self._file.read(length):
            yield block[:len(block) // self._width * self._width]

    def _cut(self, good_rows: Callable[[bytes], int]) -> None:
        # Behind the last good row lies what a kill or a power cut left unfinished.
        self._file.seek(0)
        if self._file.read(len(self._key)) != self._key:
            self._file.truncate(0)
            self._file.write(self._key)
            self._file.flush()
            return
        good = 0
        for block in self._blocks():
            found = good_rows(block)
            good += found
            if found * self._width < len(block):
                break
        self._file.truncate(len(self._key) + good * self._width)
