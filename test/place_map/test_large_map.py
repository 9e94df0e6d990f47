# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A map with the index of large ones: it opens by its head, and lives on like any other."""

from contextlib import closing
from dataclasses import replace
import sqlite3

import numpy as np
import pytest

from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.matching.ranking import rank_places
from structvpr_ros.place_map import index_kinds
from structvpr_ros.place_map.content import content_of, MapContent
from structvpr_ros.place_map.export import export_map, ExportMapOptions
from structvpr_ros.place_map.index_kinds import choose_index
from structvpr_ros.place_map.inspect_map import check_map, map_info, MapOptions
from structvpr_ros.place_map.merge import merge_maps, MergeOptions
from structvpr_ros.place_map.meta import DESCRIPTORS, FRAMES, IVF_INDEX, META, THUMBNAILS
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.remove import remove_from_map, RemoveOptions
from structvpr_ros.place_map.writer import write_map

COUNT, SIZE = 600, 32


def content(source='monday', **changes):
    random = np.random.default_rng(len(source))
    rows = random.normal(size=(COUNT, SIZE)).astype(np.float32)
    entries = [PosedImage(source, f'{row}.png', f'p{row // 3}', float(row), 2.0, 0.5, None,
                          'day' if row % 2 else 'night') for row in range(COUNT)]
    return MapContent(**{
        'entries': entries, 'fingerprint': 'f' * 64, 'frame_id': 'map', 'index': 'ivf',
        'descriptors': rows / np.linalg.norm(rows, axis=1, keepdims=True),
        'thumbnails': [f'{row}'.encode() for row in range(COUNT)], **changes})


@pytest.fixture
def folder(tmp_path):
    return write_map(tmp_path / 'map', content())


def test_it_answers_as_a_small_one(folder, tmp_path):
    small = PlaceMap.open(write_map(tmp_path / 'small', content(index='flat')))
    large = PlaceMap.open(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [META, IVF_INDEX, DESCRIPTORS, FRAMES, THUMBNAILS])
    assert tuple(large.frames) == small.frames and large.frames[599] == small.frames[599]
    np.testing.assert_allclose(large.descriptors(), small.descriptors(), atol=5e-4)
    assert large.descriptors().dtype == np.float32
    assert large.thumbnails.jpeg(7) == b'7'
    assert small.has_all_frames and not large.has_all_frames and not large.remote
    queries = small.descriptors()[::40]
    for query, wanted in zip(queries, small.search(queries, 1)[1]):
        best = rank_places(large, query, 5)
        assert best[0].frame == small.frames[wanted[0]] and len(best) == 5
    assert len(rank_places(large, queries[0], 1000)) == 200


def test_an_open_map_outlives_its_folder(folder):
    place_map = PlaceMap.open(folder)
    write_map(folder, content('tuesday'))
    assert place_map.frames[5].source == 'monday'
    assert place_map.search(place_map.descriptors()[5:6], 1)[1].tolist() == [[5]]


def test_kinds_by_size():
    assert [choose_index('auto', frames, 448) for frames in (1, 10_000, 10_001, 10 ** 6)] == \
        ['flat', 'flat', 'ivf', 'ivf']
    assert choose_index('flat', 10 ** 6, 448) == 'flat'
    assert choose_index('auto', 10 ** 6, 7) == 'flat'
    assert choose_index('ivf', 256, 8) == 'ivf'
    for frames, size in ((255, 448), (10 ** 6, 7)):
        with pytest.raises(ConfigurationError, match=f'for an index ivf, found {frames} of'):
            choose_index('ivf', frames, size)


def test_a_map_that_grows_becomes_large_and_small_again(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(index_kinds, 'LARGE', 700)
    other = write_map(tmp_path / 'other', content('tuesday', index='flat'))
    both = merge_maps(MergeOptions((folder, other), tmp_path / 'both'))
    merged = PlaceMap.open(both)
    assert (merged.meta.index, len(merged)) == ('ivf', 1200)
    np.testing.assert_array_equal(merged.descriptors()[:COUNT],
                                  PlaceMap.open(folder).descriptors())
    remove_from_map(RemoveOptions(both, source='tuesday'))
    left = PlaceMap.open(both)
    assert (left.meta.index, len(left)) == ('flat', 600)
    np.testing.assert_array_equal(left.descriptors(), PlaceMap.open(folder).descriptors())
    assert merge_maps(MergeOptions((folder, other), both, 'flat')) and \
        PlaceMap.open(both).meta.index == 'flat'


def test_parts_that_are_large_become_the_whole(tmp_path):
    whole = content()
    parts = [write_map(tmp_path / f'part{part}', replace(
        whole, entries=whole.entries[rows], descriptors=whole.descriptors[rows],
        thumbnails=whole.thumbnails[rows]))
        for part, rows in enumerate((slice(0, 300), slice(300, 600)))]
    merged = PlaceMap.open(merge_maps(MergeOptions(tuple(parts), tmp_path / 'merged', 'ivf')))
    built = PlaceMap.open(write_map(tmp_path / 'built', whole))
    assert tuple(merged.frames) == tuple(built.frames)
    np.testing.assert_array_equal(merged.descriptors(), built.descriptors())
    for one, other in zip(merged.search(whole.descriptors, 9), built.search(whole.descriptors, 9)):
        np.testing.assert_array_equal(one, other)


def test_what_is_stored_is_not_rounded_again(folder, tmp_path):
    first = PlaceMap.open(folder)
    again = write_map(tmp_path / 'again', content_of(first, range(COUNT)))
    np.testing.assert_array_equal(PlaceMap.open(again).descriptors(), first.descriptors())


def test_export_and_info(folder, tmp_path):
    export_map(ExportMapOptions(folder, tmp_path / 'export'))
    stored = np.load(tmp_path / 'export' / 'descriptors.npy')
    assert stored.dtype == np.float32
    np.testing.assert_array_equal(stored, PlaceMap.open(folder).descriptors())
    assert 'index ivf' in map_info(MapOptions(folder))


def change(path, offset, byte) -> None:
    with path.open('r+b') as file:
        file.seek(offset, 0 if offset >= 0 else 2)
        file.write(byte)


def test_check_finds_what_opening_does_not_look_for(folder):
    assert check_map(MapOptions(folder)).endswith('600 images of 200 places, no fault')
    change(folder / DESCRIPTORS, 8, b'\xff\x7f')
    change(folder / THUMBNAILS, -1, b'?')
    PlaceMap.open(folder)
    with pytest.raises(MapError) as told:
        check_map(MapOptions(folder))
    for fault in (f'{DESCRIPTORS}: expected SHA-256', 'found length nan in row 0',
                  f'{THUMBNAILS}: expected SHA-256'):
        assert fault in str(told.value)


def test_a_changed_index_is_refused_at_once(folder):
    change(folder / IVF_INDEX, -1, b'\1')
    with pytest.raises(MapError, match='index.ivf: expected SHA-256'):
        PlaceMap.open(folder)


@pytest.mark.parametrize('name', [IVF_INDEX, DESCRIPTORS, FRAMES])
def test_a_missing_file(folder, name):
    (folder / name).unlink()
    with pytest.raises(MapError, match=f'{name}: expected a file of the place map, found none'):
        PlaceMap.open(folder)
    with pytest.raises(MapError, match=f'{name}: expected a file of the place map, found none'):
        check_map(MapOptions(folder))


@pytest.mark.parametrize('name', [IVF_INDEX, DESCRIPTORS, FRAMES, THUMBNAILS])
def test_a_link_is_refused_whatever_it_leads_to(folder, tmp_path, name):
    (folder / name).rename(tmp_path / 'elsewhere')
    (folder / name).symlink_to(tmp_path / 'elsewhere')
    for look in (PlaceMap.open, lambda folder: check_map(MapOptions(folder))):
        with pytest.raises(MapError, match=f'{name}: expected a file of .*, found a link'):
            look(folder)


def execute(folder, statement) -> None:
    with closing(sqlite3.connect(folder / FRAMES)) as database, database:
        database.execute(statement)


@pytest.mark.parametrize('statement', ['DELETE FROM frames WHERE row = 599',
                                       'UPDATE frames SET row = 600 WHERE row = 599',
                                       'DELETE FROM frames'])
def test_another_last_row(folder, statement):
    execute(folder, statement)
    with pytest.raises(MapError, match='expected 600 frames, found .* as the last row'):
        PlaceMap.open(folder)


@pytest.mark.parametrize(('statement', 'told'), [
    ('DELETE FROM frames WHERE row = 7', 'expected frames from row 7 to 7, found 0'),
    ("UPDATE frames SET image = '../../x' WHERE row = 7", 'expected a frame as row 7'),
    ('UPDATE frames SET x = 9e999 WHERE row = 7', 'expected a frame as row 7')])
def test_a_bad_frame_is_found_when_it_is_read(folder, statement, told):
    execute(folder, statement)
    frames = PlaceMap.open(folder).frames
    assert frames[6].row == 6
    with pytest.raises(MapError, match=told):
        frames[7]
    with pytest.raises(MapError):
        list(frames)
    with pytest.raises(IndexError):
        frames[600]
