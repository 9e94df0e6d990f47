# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which label map each stored group map was encoded from: what lets ``encode`` resume."""

from pathlib import Path
import sqlite3

from structvpr_ros.errors import SegmentationError

_RECORDS_PER_COMMIT = 64


class EncodedIndex:
    """
    A table image -> SHA-256 of the label file, kept in SQLite so that a kill cannot tear it.

    Content rather than time decides: times do not survive a copy, a checkout or an archive.
    What a kill loses are the records since the last commit; their maps are encoded again.
    """

    def __init__(self, path: Path) -> None:
        """
        Open the index, or make an empty one.

        :raises SegmentationError: the file is no such index, or another process is writing it.
        """
        self._pending = 0
        self._db = sqlite3.connect(path)
        try:
            with self._db:
                self._db.execute('CREATE TABLE IF NOT EXISTS encoded '
                                 '(image TEXT PRIMARY KEY, label_sha256 TEXT NOT NULL)')
            self.digests: dict[str, str] = dict(
                self._db.execute('SELECT image, label_sha256 FROM encoded'))
        except sqlite3.Error as error:
            self._db.close()
            raise SegmentationError(f'{path}: expected the index of an SLME cache: {error}; '
                                    'delete it to encode all maps anew') from error

    def __enter__(self) -> 'EncodedIndex':
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Commit what is pending, also after an error: those maps are stored."""
        self._db.commit()
        self._db.close()

    def record(self, image: str, digest: str) -> None:
        """Note that the stored group map of an image was encoded from the label file."""
        self._db.execute('INSERT OR REPLACE INTO encoded VALUES (?, ?)', (image, digest))
        self._pending += 1
        if self._pending >= _RECORDS_PER_COMMIT:
            self._db.commit()
            self._pending = 0
