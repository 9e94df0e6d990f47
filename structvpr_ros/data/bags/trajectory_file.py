# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Trajectories in text files: TUM, KITTI and CSV, told apart by their columns.

- TUM: ``stamp x y z qx qy qz qw`` in each line; lines that begin with # are comments.
- KITTI: 12 numbers in each line, a 3x4 matrix from the camera to where it began, by rows, and
  the stamp of each line in a file times.txt in the same folder. The matrices are of a camera
  that looks along z, y down; x ahead and y left are those of its first image.
- CSV: a first line ``stamp,x,y`` or ``stamp,x,y,heading``; heading in radians, or empty.

Stamps are in seconds, positions in metres.
"""

from pathlib import Path
from typing import Callable

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.bags.heading import headings
from structvpr_ros.data.bags.pose_numbers import matrices
from structvpr_ros.data.bags.trajectory import Trajectory
from structvpr_ros.errors import DatasetError

TIMES = 'times.txt'
_LARGEST = 1 << 30  # bytes
# Columns x, y, z of KITTI's cameras are x right, y down, z ahead.
_AHEAD_LEFT_UP = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])

Columns = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def read_trajectory(path: Path, max_gap: float) -> Trajectory:
    """
    Read a trajectory in one of the three formats.

    :param max_gap: seconds, as of ``Trajectory``.
    :raises DatasetError: no such file, none of the formats, or a value that is no number.
    """
    lines = _lines(path)
    if lines[0].lower().startswith('stamp,'):
        stamps, positions, headings_ = _from_csv(path, lines)
    else:
        rows = _numbers(path, lines, None)
        read = _BY_WIDTH.get(rows.shape[1])
        if read is None:
            raise DatasetError(f'{path}: expected 8 numbers a line (TUM), 12 (KITTI) or a first '
                               f'line stamp,x,y[,heading] (CSV), found {rows.shape[1]} numbers')
        stamps, positions, headings_ = read(path, rows)
    if not np.isfinite(stamps).all() or np.abs(stamps).max() > 9e9:
        raise DatasetError(f'{path}: expected stamps in seconds, found {stamps.max():g}')
    return Trajectory(str(path), np.rint(stamps * 1e9).astype(np.int64), positions, headings_,
                      max_gap)


def _from_csv(path: Path, lines: list[str]) -> Columns:
    names = [name.strip() for name in lines[0].lower().split(',')]
    if names not in (['stamp', 'x', 'y'], ['stamp', 'x', 'y', 'heading']):
        raise DatasetError(f'{path}:1: expected stamp,x,y or stamp,x,y,heading; '
                           f'found {lines[0]!r}')
    if len(lines) == 1:
        raise DatasetError(f'{path}: expected poses, found no line but the first')
    rows = _numbers(path, [line if line.rstrip()[-1] != ',' else line.rstrip() + 'nan'
                           for line in lines[1:]], ',')
    if rows.shape[1] != len(names):
        raise DatasetError(f'{path}: expected {len(names)} values a line, '
                           f'found {rows.shape[1]}')
    known = rows[:, 3] if len(names) == 4 else np.full(len(rows), np.nan)
    return rows[:, 0], rows[:, 1:3], known


def _from_tum(path: Path, rows: NDArray[np.float64]) -> Columns:
    return rows[:, 0], rows[:, 1:3], headings(matrices(rows[:, 4:8]))


def _from_kitti(path: Path, rows: NDArray[np.float64]) -> Columns:
    times = path.parent / TIMES
    stamps = _numbers(times, _lines(times), None)
    if stamps.shape != (len(rows), 1):
        raise DatasetError(f'{times}: expected a stamp for each of {len(rows)} lines of '
                           f'{path.name}, found {len(stamps)} lines')
    poses = _AHEAD_LEFT_UP @ rows.reshape(-1, 3, 4)
    return stamps[:, 0], poses[:, :2, 3], headings(poses[:, :, :3])


_BY_WIDTH: dict[int, Callable[[Path, NDArray[np.float64]], Columns]] = {
    8: _from_tum, 12: _from_kitti}


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise DatasetError(f'{path}: expected a file, found none')
    if path.stat().st_size > _LARGEST:
        raise DatasetError(f'{path}: expected at most {_LARGEST} bytes')
    try:
        text = path.read_text(encoding='utf-8-sig')
    except UnicodeDecodeError as error:
        raise DatasetError(f'{path}: expected text, found other bytes') from error
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith('#')]
    if not lines:
        raise DatasetError(f'{path}: expected poses, found no line')
    return lines


def _numbers(path: Path, lines: list[str], delimiter: str | None) -> NDArray[np.float64]:
    try:
        return np.loadtxt(lines, np.float64, delimiter=delimiter, ndmin=2)
    except ValueError as error:
        raise DatasetError(f'{path}: expected numbers, as many in each line: {error}') from error
