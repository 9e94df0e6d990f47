# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
SQLite databases that only hold data: written unsynced, read without trust.

A database may carry code (triggers, views, generated columns) that runs when it is read, so one
with any other schema than ours, to the letter, is refused before a row is asked for.
"""

from contextlib import contextmanager
from pathlib import Path
import sqlite3
from typing import Iterator

from structvpr_ros.errors import MapError
from structvpr_ros.yaml_file import brief


@contextmanager
def new_database(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """Yield a new database of one empty table; what is written into it stays if all goes well."""
    database = sqlite3.connect(path)
    try:
        # Who writes the map syncs all of its files, and throws them away on a failure.
        database.execute('PRAGMA synchronous = OFF')
        with database:
            database.execute(schema)
            yield database
    finally:
        database.close()


@contextmanager
def sqlite_faults(path: Path) -> Iterator[None]:
    """
    Name the file in whatever SQLite complains of in the block.

    :raises MapError: SQLite raised an error.
    """
    try:
        yield
    # SQLite's message quotes a schema that it cannot parse, and that need not be UTF-8.
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise MapError(f'{path}: SQLite cannot read it: {error}') from error


def open_database(path: Path, table: str, schema: str) -> sqlite3.Connection:
    """
    Open a database to read, from any thread but one at a time.

    :raises MapError: no such database, or another schema than that of the one table.
    """
    # Immutable: SQLite takes no lock and writes no journal, so a read-only folder serves.
    address = f'{path.resolve().as_uri()}?mode=ro&immutable=1'
    with sqlite_faults(path):
        database = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            _check_schema(path, database, table, schema)
        except BaseException:
            database.close()
            raise
        return database


def _check_schema(path: Path, database: sqlite3.Connection, table: str, schema: str) -> None:
    database.execute('PRAGMA trusted_schema = OFF')
    database.execute('PRAGMA cell_size_check = ON')
    found = database.execute('SELECT type, name, sql FROM sqlite_master LIMIT 2').fetchall()
    if found != [('table', table, schema)]:
        kinds = ', '.join(f'{kind} {name}' for kind, name, _ in found)
        raise MapError(f'{path}: expected {schema!r} and nothing else, found '
                       f'{brief(kinds) if kinds else "nothing"} of another schema')
