# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Small pictures of the frames, thumbnails.sqlite: one JPEG per image of the map.

They are for people to look at. Nothing is recognized by them, so a map without them, or with
corrupt ones, is as good as any other.
"""

from pathlib import Path
from threading import Lock
from typing import Iterable, Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.fit import fit
from structvpr_ros.errors import MapError
from structvpr_ros.place_map.sqlite_file import new_database, open_database, sqlite_faults
from structvpr_ros.storage import file_hash

LARGEST = 1024  # pixels, the longest side that a thumbnail may have

_SCHEMA = 'CREATE TABLE thumbnails (row INTEGER PRIMARY KEY, jpeg BLOB NOT NULL)'
_QUALITY = 75
_MOST_BYTES = 1 << 20


def encode_thumbnail(image: NDArray[np.uint8], side: int) -> bytes:
    """
    Return an RGB image, uint8 (H, W, 3), as a small JPEG.

    :param side: pixels of the longer side, 1 to ``LARGEST``; a smaller image keeps its size.
    """
    small = image if max(image.shape[:2]) <= side else fit(image, (side, side))
    _, jpeg = cv2.imencode('.jpg', cv2.cvtColor(small, cv2.COLOR_RGB2BGR),
                           [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return jpeg.tobytes()


def write_thumbnails(path: Path, jpegs: Iterable[Optional[bytes]]) -> None:
    """
    Write the thumbnails of a map's frames into a new database.

    :param jpegs: in the order of their rows; None where there is none.
    """
    with new_database(path, _SCHEMA) as database:
        database.executemany('INSERT INTO thumbnails VALUES (?, ?)', (
            (row, jpeg) for row, jpeg in enumerate(jpegs) if jpeg is not None))


class Thumbnails:
    """The thumbnails of an open map; several threads may read them."""

    def __init__(self, path: Path, digest: Optional[str]) -> None:
        """
        Open the thumbnails of a map.

        The file stays open: whoever replaces or deletes the map changes nothing here.

        :param digest: SHA-256 of the file; None trusts it, as the file of a large map is long.
        :raises MapError: the file is missing or not what it was written as.
        """
        if not path.is_file():
            raise MapError(f'{path}: expected thumbnails, found no file')
        if digest is not None and (found := file_hash(path)) != digest:
            raise MapError(f'{path}: expected SHA-256 {digest[:12]}..., found {found[:12]}...: '
                           'corrupt or changed')
        self._path = path
        self._lock = Lock()
        self._database = open_database(path, 'thumbnails', _SCHEMA)

    def rows(self) -> list[int]:
        """
        Return the rows that have a thumbnail.

        :raises MapError: SQLite cannot read them.
        """
        with self._lock, sqlite_faults(self._path):
            return [row for row, in self._database.execute(
                'SELECT row FROM thumbnails ORDER BY row')]

    def jpeg(self, row: int) -> Optional[bytes]:
        """
        Return the thumbnail of a frame as it is stored; None where there is none.

        :raises MapError: SQLite cannot read it.
        """
        with self._lock, sqlite_faults(self._path):
            found = self._database.execute(
                'SELECT jpeg FROM thumbnails WHERE row = ? AND length(jpeg) <= ?',
                (row, _MOST_BYTES)).fetchone()
        return found[0] if found is not None and isinstance(found[0], bytes) else None

    def read(self, row: int) -> NDArray[np.uint8]:
        """
        Return the thumbnail of a frame, RGB uint8 (H, W, 3).

        :raises MapError: there is none, or it cannot be decoded.
        """
        found = self.jpeg(row)
        if found is None:
            raise MapError(f'{self._path}: expected a thumbnail of row {row}, found none')
        jpeg = np.frombuffer(found, np.uint8)
        # An eighth first: a few bytes may claim to be a picture that fills the memory.
        image = _decode(jpeg, cv2.IMREAD_REDUCED_COLOR_8)
        if image is not None and max(image.shape) <= LARGEST // 8:
            image = _decode(jpeg, cv2.IMREAD_COLOR)
            if image is not None:
                return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        raise MapError(f'{self._path}: expected as row {row} a JPEG of at most {LARGEST} pixels '
                       f'a side, found {len(jpeg)} bytes of something else')


def _decode(jpeg: NDArray[np.uint8], flag: int) -> Optional[NDArray[np.uint8]]:
    try:
        return cv2.imdecode(jpeg, flag)
    except cv2.error:
        return None
