# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Descriptors on their way into a map."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.inference.unit_length import unit_rows
from structvpr_ros.place_map.row_log import RowLog


class DescriptorLog(RowLog):
    """A log of float32 rows of unit length; see ``RowLog``."""

    def __init__(self, path: Path, key: bytes, descriptor_size: int) -> None:
        """
        Open or start the log.

        :param descriptor_size: D.
        :raises MapError: another process has the log open.
        """
        self._size = descriptor_size
        super().__init__(path, key, 4 * descriptor_size,
                         lambda rows: unit_rows(self._array(rows)))

    def append(self, descriptors: NDArray[np.float32]) -> None:
        """Add rows, float32 (N, D); they outlive a kill of the process."""
        self._append(np.ascontiguousarray(descriptors, '<f4').tobytes())

    def read(self) -> NDArray[np.float32]:
        """Return all rows, float32 (N, D)."""
        return self._array(b''.join(self._blocks()))

    def _array(self, rows: bytes) -> NDArray[np.float32]:
        return np.frombuffer(rows, '<f4').reshape(-1, self._size)
