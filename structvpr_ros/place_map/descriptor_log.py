# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Descriptors on their way into a map, kept on disk so that a killed build goes on."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError
from structvpr_ros.inference.unit_length import unit_rows


class DescriptorLog:
    """
    A file of float32 rows that grows as images are described; one process at a time has it.

    The file opens with a key that names what the rows are descriptors of. Under the same key the
    rows that are whole are taken over, under another one the file starts anew.
    """

    def __init__(self, path: Path, key: bytes, descriptor_size: int) -> None:
        """
        Open or start the log.

        :param path: the file.
        :param key: names model and images; of one length for all logs.
        :param descriptor_size: D.
        :raises MapError: another process has the log open.
        """
        self.path = path
        self._key = key
        self._width = descriptor_size
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open('a+b')
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise MapError(f'{path}: another process is writing these descriptors') from error
        self._cut()

    def __enter__(self) -> 'DescriptorLog':
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self._file.close()

    def __len__(self) -> int:
        return (os.fstat(self._file.fileno()).st_size - len(self._key)) // (4 * self._width)

    def append(self, descriptors: NDArray[np.float32]) -> None:
        """Add rows, float32 (N, D); they outlive a kill of the process."""
        self._file.write(np.ascontiguousarray(descriptors, '<f4').tobytes())
        self._file.flush()

    def read(self) -> NDArray[np.float32]:
        """Return all rows, float32 (N, D)."""
        self._file.seek(len(self._key))
        return np.frombuffer(self._file.read(), '<f4').reshape(-1, self._width)

    def remove(self) -> None:
        """Delete the file; its rows have arrived."""
        self.path.unlink(missing_ok=True)

    def _cut(self) -> None:
        # Behind the last good row lies what a kill or a power cut left unfinished.
        self._file.seek(0)
        if self._file.read(len(self._key)) != self._key:
            self._file.truncate(0)
            self._file.write(self._key)
            self._file.flush()
            return
        row = 4 * self._width
        stored = self._file.read()
        rows = np.frombuffer(stored[:len(stored) // row * row], '<f4').reshape(-1, self._width)
        self._file.truncate(len(self._key) + unit_rows(rows) * row)
