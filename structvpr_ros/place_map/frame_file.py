# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The frames on disk, places.sqlite: one table, one row per image of the map."""

from contextlib import closing
from dataclasses import astuple
import math
from pathlib import Path
import sqlite3
import sys
from typing import Any, Iterable, Optional

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.sqlite_file import new_database, open_database, sqlite_faults
from structvpr_ros.yaml_file import brief

_SCHEMA = ('CREATE TABLE frames (row INTEGER PRIMARY KEY, place TEXT NOT NULL, '
           'image TEXT NOT NULL, x REAL, y REAL, heading REAL, stamp REAL, '
           'condition TEXT NOT NULL, source TEXT NOT NULL)')
COLUMNS = 'row, place, image, x, y, heading, stamp, condition, source'


def write_frames(path: Path, frames: Iterable[Frame]) -> None:
    """Write frames, whose rows count from 0, into a new database."""
    with new_database(path, _SCHEMA) as database:
        database.executemany(
            'INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', map(astuple, frames))


def open_frames(path: Path) -> sqlite3.Connection:
    """
    Open the frames of a map to read, from any thread but one at a time.

    :raises MapError: no such database, or another schema.
    """
    return open_database(path, 'frames', _SCHEMA)


def read_frames(path: Path, count: int) -> tuple[Frame, ...]:
    """
    Read and check the ``count`` frames of a map, in the order of their rows.

    :raises MapError: no such database, another schema, another number of frames, or a value
        that no frame can have.
    """
    with closing(open_frames(path)) as database, sqlite_faults(path):
        # One more than expected tells a longer table, and no more than that is fetched.
        stored = database.execute(
            f'SELECT {COLUMNS} FROM frames ORDER BY row LIMIT ?', (count + 1,)).fetchall()
    if len(stored) != count:
        raise MapError(f'{path}: expected {count} frames, found '
                       f'{len(stored) if len(stored) < count else "more"}')
    return tuple(to_frame(path, row, values) for row, values in enumerate(stored))


def to_frame(path: Path, row: int, values: tuple[Any, ...]) -> Frame:
    """
    Return the values of ``COLUMNS`` as the frame of a row.

    :raises MapError: it is another row, or has a value that no frame can have.
    """
    found, place, image, x, y, heading, stamp, condition, source = values
    fits = (found == row and _is_text(place) and place and _is_below(image)
            and all(map(_is_number, (x, y, heading, stamp)))
            and (x is None) == (y is None) and _is_text(condition) and _is_text(source))
    if not fits:
        raise MapError(f'{path}: expected a frame as row {row}, '
                       f'found {", ".join(map(brief, values))}')
    # Places, conditions and sources repeat; interned, each is held once.
    return Frame(row, sys.intern(place), image, x, y, heading, stamp, sys.intern(condition),
                 sys.intern(source))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Optional[Any]) -> bool:
    return value is None or (isinstance(value, float) and math.isfinite(value))


def _is_below(image: Any) -> bool:
    # By hand: a map has many images, and a PurePosixPath for each took half of its opening.
    return _is_text(image) and image != '' and image[0] != '/' and '..' not in image.split('/')
