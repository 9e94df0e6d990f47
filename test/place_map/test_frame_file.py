# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The frames on disk: round trip, and a database with anything else in it is refused."""

from contextlib import closing
import sqlite3

from hypothesis import given, strategies as st
import pytest

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.frame_file import read_frames, write_frames

FRAMES = (Frame(0, 'a', 'images/0.png', 1.5, -2.0, 0.25, 12.5, 'day', 'drive'),
          Frame(1, 'b', 'images/1.png', 3.0, 4.0, None, None, '', 'drive'))

names = st.text(st.characters(exclude_categories=['Cs'], exclude_characters='\0'), min_size=1,
                max_size=8)
numbers = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def frames(draw):
    count = draw(st.integers(1, 6))
    return tuple(
        Frame(row, draw(names), f'images/{row}.png', draw(numbers), draw(numbers),
              draw(st.none() | numbers), draw(st.none() | numbers), draw(names), draw(names))
        for row in range(count))


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / 'places.sqlite'
    write_frames(path, FRAMES)
    return path


def change(path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)


@given(frames())
def test_round_trip(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / 'round.sqlite'
    path.unlink(missing_ok=True)
    write_frames(path, rows)
    assert read_frames(path, len(rows)) == rows


def test_without_positions(tmp_path):
    rows = (Frame(0, 'a', 'x.png', None, None, None, None, ''),)
    write_frames(tmp_path / 'f', rows)
    assert read_frames(tmp_path / 'f', 1) == rows


def test_reading_leaves_no_trace_and_needs_no_right_to_write(stored):
    stored.chmod(0o444)
    stored.parent.chmod(0o555)
    try:
        assert read_frames(stored, 2) == FRAMES
        assert [path.name for path in stored.parent.iterdir()] == ['places.sqlite']
    finally:
        stored.parent.chmod(0o755)


def test_a_folder_name_that_looks_like_an_address(tmp_path):
    folder = tmp_path / 'a?mode=rwc#%41 é'
    folder.mkdir()
    write_frames(folder / 'f', FRAMES)
    assert read_frames(folder / 'f', 2) == FRAMES


@pytest.mark.parametrize('statement', [
    'CREATE TRIGGER t AFTER INSERT ON frames BEGIN DELETE FROM frames; END',
    'CREATE VIEW v AS SELECT 1',
    'CREATE TABLE other (x)',
    'CREATE INDEX i ON frames (place)',
    'ALTER TABLE frames ADD COLUMN more TEXT',
    'ALTER TABLE frames RENAME TO pictures'])
def test_another_schema(stored, statement):
    change(stored, statement)
    with pytest.raises(MapError, match='places.sqlite: expected .*CREATE TABLE frames'):
        read_frames(stored, 2)


def test_a_view_in_the_place_of_the_table(tmp_path):
    path = tmp_path / 'places.sqlite'
    # A recursive view that never ends, were it asked for a row.
    change(path, 'CREATE VIEW frames AS WITH RECURSIVE r(row) AS '
                 '(SELECT 0 UNION ALL SELECT row FROM r) SELECT row FROM r')
    with pytest.raises(MapError, match="found 'view frames' of another schema"):
        read_frames(path, 2)


def test_an_empty_database(tmp_path):
    change(tmp_path / 'f', 'PRAGMA user_version = 1')
    with pytest.raises(MapError, match='found nothing'):
        read_frames(tmp_path / 'f', 2)


@pytest.mark.parametrize(('count', 'found'), [(1, 'more'), (3, '2')])
def test_another_number_of_frames(stored, count, found):
    with pytest.raises(MapError, match=f'expected {count} frames, found {found}'):
        read_frames(stored, count)


@pytest.mark.parametrize('assignment', [
    'row = 5', 'row = -1', "place = ''", "place = X'00'", "image = ''", "image = X'41'",
    "image = '/etc/passwd'", "image = '../../secret.png'", "image = 'images/../../x.png'",
    'x = NULL', "x = 'text'", 'y = 9e999', 'heading = 9e999', "stamp = 'now'",
    "condition = X'00'", "place = CAST(X'FF' AS TEXT)"])
def test_values_that_no_frame_has(stored, assignment):
    change(stored, f'UPDATE frames SET {assignment} WHERE row = 1')
    with pytest.raises(MapError, match='places.sqlite: (expected a frame as row|SQLite cannot)'):
        read_frames(stored, 2)


@pytest.mark.parametrize('length', [0, 1, 99, 100, 4096])
def test_a_cut_database(stored, length):
    stored.write_bytes(stored.read_bytes()[:length])
    with pytest.raises(MapError, match='places.sqlite: '):
        read_frames(stored, 2)


@given(st.data())
def test_a_flipped_byte_gives_frames_or_the_error(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / 'flipped.sqlite'
    path.unlink(missing_ok=True)
    write_frames(path, FRAMES)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        assert len(read_frames(path, 2)) == 2
    except MapError:
        pass


def test_a_schema_that_is_no_text(stored):
    stored.write_bytes(stored.read_bytes().replace(b'CREATE TABLE', b'CREATE \xceABLE'))
    with pytest.raises(MapError, match='SQLite cannot read it'):
        read_frames(stored, 2)


def test_no_database(tmp_path):
    with pytest.raises(MapError, match='SQLite cannot read it'):
        read_frames(tmp_path / 'nowhere', 1)
    (tmp_path / 'text').write_text('no database at all, but long enough for a header' * 9)
    with pytest.raises(MapError, match='SQLite cannot read it'):
        read_frames(tmp_path / 'text', 1)
