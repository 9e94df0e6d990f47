# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Folders of photographs: which are taken, where they lie, and what is refused."""

import os

import pytest

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.photos.photo_images import PhotoOptions, read_folder, read_photos
from structvpr_ros.errors import ConfigurationError, DatasetError, ImageError


def at(latitude, seconds=0.0):
    return {1: 'N', 2: (48.0, latitude, 0.0), 3: 'E', 4: (11.0, 0.0, 0.0),
            7: (1.0, 0.0, seconds), 29: '2026:11:23'}


def test_positions_and_order(photograph):
    folder = photograph('monday/b.jpg', at(0.0, seconds=1.0)).parent
    photograph('monday/deep/a.jpg', at(0.1, seconds=2.0))
    photograph('monday/c.jpg', at(0.2, seconds=0.0))
    photograph('monday/nowhere.jpg')
    source, = read_photos(PhotoOptions((folder,), ('sunny',)))
    assert [entry.image for entry in source.entries] == ['c.jpg', 'b.jpg', 'deep/a.jpg']
    # 0.1 minutes north are 185 m; the first one in time is where positions count from.
    assert [entry.y for entry in source.entries] == pytest.approx([0, -370.7, -185.3], abs=0.5)
    assert {entry.source for entry in source.entries} == {'monday'}
    assert source.entries[0].condition == 'sunny' and source.entries[0].place == 'monday/c.jpg'
    assert [load().shape for load in source.loads([0, 2])] == [(24, 32, 3)] * 2
    assert source.identity(0) != source.identity(2)


def test_several_folders_count_from_one_origin(photograph):
    folders = tuple(photograph(f'{name}/a.jpg', at(0.1)).parent for name in ('mon', 'tue'))
    one, two = read_photos(PhotoOptions(folders))
    assert one.origin == two.origin and two.entries[0].y == pytest.approx(0)
    origin = GeoPoint(48.0, 11.0, 0.0)
    known, _ = read_photos(PhotoOptions(folders), origin)
    assert known.origin == origin and known.entries[0].y == pytest.approx(185.3, abs=0.5)
    told, _ = read_photos(PhotoOptions(folders, origin=(48.1, 11.0, 0.0)), origin)
    assert told.origin == GeoPoint(48.1, 11.0, 0.0)


def test_any_folder_of_images(photograph):
    folder = photograph('monday/a.jpg').parent
    photograph('monday/.hidden/b.jpg')
    (folder / 'notes.txt').write_text('no image')
    assert [entry.image for entry in read_folder(folder).entries] == ['a.jpg']
    assert read_folder(folder).entries[0].x is None


def test_what_is_refused(photograph, tmp_path):
    folder = photograph('monday/a.jpg').parent
    with pytest.raises(DatasetError, match='found 1 that do not'):
        read_photos(PhotoOptions((folder,)))
    with pytest.raises(DatasetError, match='expected a folder of images, found none'):
        read_folder(tmp_path / 'nowhere')
    (tmp_path / 'empty').mkdir()
    with pytest.raises(DatasetError, match='expected images'):
        read_folder(tmp_path / 'empty')
    outside = photograph('elsewhere/secret.jpg')
    (folder / 'link.jpg').symlink_to(outside)
    with pytest.raises(DatasetError, match='a link that leads elsewhere'):
        read_folder(folder)
    (folder / 'link.jpg').unlink()
    (folder / 'broken.png').write_bytes(b'\x89PNG')
    with pytest.raises(ImageError, match='broken.png'):
        read_folder(folder)
    with pytest.raises(ConfigurationError, match='as many conditions as folders'):
        PhotoOptions((folder,), ('a', 'b'))
    with pytest.raises(ConfigurationError, match='different names'):
        PhotoOptions((folder, folder))


def test_a_name_that_is_no_text(photograph):
    folder = photograph('monday/a.jpg').parent
    os.rename(folder / 'a.jpg', os.fsencode(folder) + b'/\xff.jpg')
    with pytest.raises(DatasetError, match='names that can be printed'):
        read_folder(folder)
