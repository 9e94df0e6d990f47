# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Bags of ROS 2 in SQLite: compressed in both ways, as bombs, and with code in them."""

from contextlib import closing
from io import BytesIO
import sqlite3

import numpy as np
import pytest
from rosbags.rosbag2 import storage_mcap as mcap
import yaml

from structvpr_ros.data.bags import bounded
from structvpr_ros.data.bags.bag import open_bag
from structvpr_ros.errors import DatasetError


def read(path) -> int:
    with open_bag(path) as bag:
        return len(list(bag.messages(bag.topics)))


@pytest.fixture
def stored(record_bag, tmp_path):
    with record_bag(tmp_path / 'day', 'sqlite3') as recorder:
        for step in range(5):
            recorder.odometry(100.0 + step, float(step), 0.0)
            recorder.image(100.0 + step, np.zeros((12, 16, 3), np.uint8))
        return recorder.close()


def change(stored, *statements) -> None:
    [file] = stored.glob('*.db3')
    with closing(sqlite3.connect(file)) as database, database:
        for statement in statements:
            database.execute(statement)


def compress(stored, mode) -> None:
    """Compress a bag as ``ros2 bag record --compression-mode`` does."""
    head = yaml.safe_load((stored / 'metadata.yaml').read_text())
    about = head['rosbag2_bagfile_information']
    about.update(compression_format='zstd', compression_mode=mode)
    [file] = stored.glob('*.db3')
    if mode == 'file':
        file.with_name(f'{file.name}.zstd').write_bytes(mcap.zstd.compress(file.read_bytes()))
        file.unlink()
        about['relative_file_paths'] = [f'{file.name}.zstd']
    else:
        with closing(sqlite3.connect(file)) as database, database:
            for row, data in database.execute('SELECT id, data FROM messages').fetchall():
                database.execute('UPDATE messages SET data = ? WHERE id = ?',
                                 (mcap.zstd.compress(data), row))
    (stored / 'metadata.yaml').write_text(yaml.safe_dump(head))


@pytest.mark.parametrize('mode', ['file', 'message'])
def test_compressed_bags(stored, mode):
    compress(stored, mode)
    assert read(stored) == 10


@pytest.mark.parametrize('mode', ['file', 'message'])
def test_bombs(stored, mode, monkeypatch):
    compress(stored, mode)
    monkeypatch.setattr(bounded, 'MOST_BYTES', 100)
    monkeypatch.setattr(bounded, 'MOST_TIMES', 1)
    with pytest.raises(DatasetError, match='cannot be read as a bag: expected .*compressed'):
        read(stored)


FOREVER = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x'
TABLE = ('id INTEGER PRIMARY KEY, topic_id INTEGER, timestamp INTEGER, '
         'data BLOB AS (zeroblob(1000000000))')


@pytest.mark.parametrize(('statements', 'told'), [
    (('DROP TABLE message_definitions',
      f'CREATE VIEW message_definitions AS {FOREVER} id, x topic_type, x encoding, '
      'x encoded_message_definition, x type_description_hash FROM n'),
     "the view 'message_definitions'"),
    (('DROP TABLE messages', f'CREATE TABLE messages({TABLE})'),
     "found 'data' of 'messages', which is generated"),
    (('CREATE TRIGGER t AFTER INSERT ON topics BEGIN SELECT 1; END',), "the trigger 't'"),
    (('DROP TABLE schema', 'CREATE VIRTUAL TABLE schema USING fts5(schema_version)'),
     "the table 'schema")])
def test_databases_with_code(stored, statements, told):
    try:
        change(stored, *statements)
    except sqlite3.OperationalError as error:
        pytest.skip(f'this SQLite makes none: {error}')
    for path in (stored, *stored.glob('*.db3')):
        with pytest.raises(DatasetError, match=f'cannot be read as a bag: expected .*{told}'):
            read(path)


def test_a_longer_file_is_told():
    file = bounded.BoundedFile(BytesIO(bytes(100)), 10)
    assert len(file.read(8)) == 8
    with pytest.raises(ValueError, match='at most 10 bytes'):
        file.read(8)
