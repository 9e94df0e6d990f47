# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Bags in SQLite that only hold data.

A database may carry views, virtual tables and generated columns, which compute without end or fill
the memory when they are read; a bag has tables and an index.
"""

from contextlib import closing
import sqlite3

from rosbags.rosbag2 import reader as ros_2
from rosbags.rosbag2.storage_sqlite3 import Sqlite3Reader


class DataOnlyReader(Sqlite3Reader):
    """The reader of rosbags, of databases without any code."""

    def open(self) -> None:  # noqa: A003
        """
        Open the database.

        :raises ValueError: it has more than tables and indices.
        """
        address = f'{self.path.resolve().as_uri()}?mode=ro&immutable=1'
        with closing(sqlite3.connect(address, uri=True)) as database:
            _check_schema(database)
        super().open()


def guard_sqlite() -> None:
    """Let rosbags open bags in SQLite by that reader; there is no option for it."""
    ros_2.DirectoryReader.STORAGE_PLUGINS['sqlite3'] = DataOnlyReader
    ros_2.Reader.STORAGE_PLUGINS['.db3'] = DataOnlyReader


def _check_schema(database: sqlite3.Connection) -> None:
    stored = database.execute('SELECT type, name, rootpage FROM sqlite_master').fetchall()
    for kind, name, page in stored:
        # What is computed has no page of its own: views, triggers and virtual tables.
        if kind not in ('table', 'index') or not page:
            raise ValueError(f'expected tables and indices, found the {kind} {name[:40]!r}')
        columns = database.execute('SELECT name, hidden FROM pragma_table_xinfo(?)', (name,))
        for column, hidden in columns.fetchall():
            if kind == 'table' and hidden:
                raise ValueError(f'expected stored columns, found {column[:40]!r} of '
                                 f'{name[:40]!r}, which is generated')
