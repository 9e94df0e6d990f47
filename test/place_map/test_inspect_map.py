# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What is told of a map, and each fault that a map can have."""

from contextlib import closing
from dataclasses import replace
import sqlite3

import faiss
import numpy as np
import pytest

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.place_groups import Grouping
from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.errors import MapError
from structvpr_ros.place_map.inspect_map import check_map, map_info, MapOptions
from structvpr_ros.place_map.meta import FRAMES, INDEX, MapMeta, THUMBNAILS
from structvpr_ros.storage import file_hash


def rehash(folder) -> None:
    """Let the head of a map vouch for its files as they are now."""
    meta = MapMeta.read(folder)
    replace(meta, files={name: file_hash(folder / name) for name in meta.files}).save(folder)


def change(path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)


def write_index(folder, descriptors) -> None:
    index = faiss.IndexFlatIP(descriptors.shape[1])
    index.add(descriptors.astype(np.float32))
    faiss.write_index(index, str(folder / INDEX))


def test_info(make_map):
    told = map_info(MapOptions(make_map(origin=GeoPoint(48.1, 11.5, 520.0),
                                        grouping=Grouping(4.5))))
    for line in ('4 images of 2 places', 'model: ffffffffffff, descriptors of 5', 'frame: map',
                 'places: within 4.5 m and 45 degrees',
                 'origin: 48.1, 11.5, 520.0 m', 'x: 0.0 to 3.0 m', 'source monday: 4 images',
                 'condition day: 2 images', 'thumbnails: yes'):
        assert line in told


def test_info_of_a_map_without_positions(make_map):
    told = map_info(MapOptions(make_map(
        entries=[PosedImage('', f'{row}.png', 'p') for row in range(4)])))
    assert 'places: as their sources have them' in told
    assert 'x:' not in told and 'source (unknown): 4 images' in told


def test_a_good_map(make_map):
    assert check_map(MapOptions(make_map())).endswith('4 images of 2 places, no fault')
    assert check_map(MapOptions(make_map(thumbnails=False)))


@pytest.mark.parametrize(('damage', 'told'), [
    (lambda folder: change(folder / FRAMES, 'DELETE FROM frames WHERE row = 3'),
     'expected 4 frames, found 3'),
    (lambda folder: change(folder / FRAMES, 'INSERT INTO frames VALUES '
                           "(4, 'p', 'orphan.png', NULL, NULL, NULL, NULL, '', '')"),
     'expected 4 frames, found more'),
    (lambda folder: change(folder / FRAMES, "UPDATE frames SET place = 'other' WHERE row = 0"),
     'expected 2 places, found 3'),
    (lambda folder: change(folder / FRAMES, "UPDATE frames SET image = '1.png' WHERE row = 0"),
     'expected each image once, found 1 twice, monday: 1.png'),
    (lambda folder: write_index(folder, np.eye(4, 6)), 'descriptors of 5, found'),
    (lambda folder: write_index(folder, np.eye(3, 5)), 'for 4 descriptors'),
    (lambda folder: write_index(folder, np.full((4, 5), np.nan)), 'unit length, found length nan'),
    (lambda folder: write_index(folder, 2 * np.eye(4, 5)), 'unit length, found length 2.0'),
    (lambda folder: change(folder / THUMBNAILS, 'INSERT INTO thumbnails VALUES (9, zeroblob(1))'),
     'expected rows below 4, found 9')])
def test_each_fault(make_map, damage, told):
    folder = make_map()
    damage(folder)
    rehash(folder)
    with pytest.raises(MapError, match=told):
        check_map(MapOptions(folder))


def test_all_faults_are_told_at_once(make_map):
    folder = make_map()
    (folder / INDEX).unlink()
    change(folder / FRAMES, "UPDATE frames SET place = 'other' WHERE row = 0")
    (folder / THUMBNAILS).write_bytes(b'')
    with pytest.raises(MapError) as caught:
        check_map(MapOptions(folder))
    assert str(caught.value).count('; ') == 3
    for told in ('index.faiss: expected a file', 'places.sqlite: expected SHA-256',
                 'expected 2 places', 'thumbnails.sqlite: expected SHA-256'):
        assert told in str(caught.value)


def test_no_map(tmp_path):
    with pytest.raises(MapError, match='expected a place map'):
        check_map(MapOptions(tmp_path))
