# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A peer's descriptors: another system's arrays, made elsewhere, to be scored beside ours."""

from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError, DatasetError

# What NumPy lets through on a damaged header, which it reads as Python's literals.
_FAULTS = (ArithmeticError, LookupError, MemoryError, OSError, RecursionError, SyntaxError,
           TokenError, TypeError, ValueError, EOFError)


@dataclass(frozen=True)
class Peer:
    """
    Where a peer's descriptors lie.

    :param name: the system's name.
    :param queries: a .npy file of (Q, D) floats, a row for each query image.
    :param database: a .npy file of (N, D) floats, a row for each image of the map.
    """

    name: str
    queries: Path
    database: Path

    @classmethod
    def parse(cls, text: str) -> 'Peer':
        """
        Read NAME=QUERIES.npy,MAP.npy.

        :raises ConfigurationError: the text has another form.
        """
        name, _, files = text.partition('=')
        paths = files.split(',')
        if not name.strip() or len(paths) != 2 or not all(path.strip() for path in paths):
            raise ConfigurationError(
                f'expected descriptors as NAME=QUERIES.npy,MAP.npy, found {text!r}')
        return cls(name.strip(), Path(paths[0].strip()), Path(paths[1].strip()))

    def load(self, queries: int, database: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """
        Read and check both arrays; their rows are scaled to unit length.

        :param queries: Q.
        :param database: N.
        :return: (Q, D) and (N, D).
        :raises DatasetError: a file is missing, no array of floats, of another shape than
            expected, or holds a row that is not finite or zero.
        """
        sought = _load(self.queries, queries, 'query')
        known = _load(self.database, database, 'map')
        if sought.shape[1] != known.shape[1]:
            raise DatasetError(
                f'{self.name}: expected descriptors of one length, found {sought.shape[1]} in '
                f'{self.queries} and {known.shape[1]} in {self.database}')
        return sought, known


def _load(path: Path, rows: int, what: str) -> NDArray[np.float32]:
    stored = _open(path)
    if stored.ndim != 2 or len(stored) != rows or stored.dtype.kind != 'f' or not stored.size:
        raise DatasetError(
            f'{path}: expected an array of floats, ({rows}, D), a row for each {what} image in '
            f'the order of the data set, found {stored.dtype} {stored.shape}')
    # Half floats overflow when squared, and doubles would when made single.
    lengths = np.linalg.norm(stored.astype(np.float64), axis=1)
    bad = np.flatnonzero(~(np.isfinite(lengths) & (lengths > 0)))
    if len(bad):
        raise DatasetError(f'{path}: expected finite descriptors other than zero, found length '
                           f'{lengths[bad[0]]} in row {bad[0]} ({len(bad)} such rows)')
    return (stored / lengths[:, np.newaxis]).astype(np.float32, order='C')


def _open(path: Path) -> NDArray:
    if not path.is_file():
        raise DatasetError(f'{path}: expected descriptors, found no such file')
    try:
        # Mapped, so that a header which promises more than the file holds allocates nothing;
        # and an array of objects, which would be a pickle, cannot be mapped.
        return np.lib.format.open_memmap(path, mode='r')
    except _FAULTS as error:
        raise DatasetError(f'{path}: expected a .npy file of floats: {error}') from error
