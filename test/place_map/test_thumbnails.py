# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Thumbnails on disk: round trip, and files that are none or want to fill the memory."""

from contextlib import closing
import shutil
import sqlite3
import struct

import cv2
import numpy as np
import pytest

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.thumbnails import encode_thumbnail, Thumbnails, write_thumbnails
from structvpr_ros.storage import file_hash

# As smooth as photographs are, or JPEG would not keep it.
PICTURE = cv2.GaussianBlur(
    np.random.default_rng(5).integers(0, 256, (90, 120, 3), np.uint8), (0, 0), 6)


def opened(path) -> Thumbnails:
    return Thumbnails(path, file_hash(path))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / 'map' / 'thumbnails.sqlite'
    path.parent.mkdir()
    write_thumbnails(path, (encode_thumbnail(PICTURE, side) for side in (240, 60, 32)))
    return path


def test_round_trip(path):
    thumbnails = opened(path)
    np.testing.assert_allclose(thumbnails.read(0).astype(int), PICTURE, atol=12)
    assert [thumbnails.read(row).shape for row in (1, 2, 0)] == [
        (45, 60, 3), (24, 32, 3), (90, 120, 3)]


@pytest.mark.parametrize('shape, side, expected', [
    ((1, 1), 1, (1, 1)), ((1000, 3), 100, (100, 1)), ((480, 640), 240, (180, 240)),
    ((640, 480), 240, (240, 180)), ((5, 5), 2, (2, 2))])
def test_the_longer_side_is_bounded(shape, side, expected):
    jpeg = encode_thumbnail(np.zeros((*shape, 3), np.uint8), side)
    assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[:2] == expected


def test_an_open_file_outlives_its_folder(path):
    thumbnails = opened(path)
    shutil.rmtree(path.parent)
    assert thumbnails.read(2).shape == (24, 32, 3)


def test_a_file_that_was_not_written_so(path, tmp_path):
    with pytest.raises(MapError, match=r'thumbnails.sqlite: expected SHA-256 0000.*, found'):
        Thumbnails(path, '0' * 64)
    with pytest.raises(MapError, match='expected thumbnails, found no file'):
        Thumbnails(tmp_path / 'nowhere', '0' * 64)


@pytest.mark.parametrize('row', [3, -1])
def test_a_row_that_is_not_there(path, row):
    with pytest.raises(MapError, match=f'expected a thumbnail of row {row}, found none'):
        opened(path).read(row)


def claiming(height: int, width: int) -> bytes:
    """Return a JPEG of a few bytes whose header claims a size."""
    jpeg = bytearray(encode_thumbnail(PICTURE[:16, :16], 240))
    at = jpeg.index(b'\xff\xc0') + 5
    jpeg[at:at + 4] = struct.pack('>HH', height, width)
    return bytes(jpeg)


@pytest.mark.parametrize('jpeg', [
    b'', b'no picture', encode_thumbnail(PICTURE, 240)[:40], claiming(30_000, 30_000),
    claiming(65_000, 65_000), claiming(8, 1100)])
def test_what_is_no_thumbnail(tmp_path, jpeg):
    write_thumbnails(tmp_path / 'f', [jpeg])
    with pytest.raises(MapError, match='expected as row 0 a JPEG of at most 1024 pixels a side'):
        opened(tmp_path / 'f').read(0)


def test_other_values_than_bytes_and_too_many_of_them(path):
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE thumbnails SET jpeg = 'text' WHERE row = 0")
        database.execute('UPDATE thumbnails SET jpeg = zeroblob(2000000) WHERE row = 1')
    thumbnails = opened(path)
    for row in (0, 1):
        with pytest.raises(MapError, match='found none'):
            thumbnails.read(row)
    assert thumbnails.read(2).shape == (24, 32, 3)


def test_another_schema(path):
    with closing(sqlite3.connect(path)) as database, database:
        database.execute('CREATE VIEW v AS SELECT 1')
    with pytest.raises(MapError, match='of another schema'):
        opened(path)


def test_a_broken_page(path):
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(MapError, match='thumbnails.sqlite: '):
        opened(path).read(0)
