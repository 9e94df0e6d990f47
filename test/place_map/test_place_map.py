# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The map: searched as a look at every frame would, and refused whole for any fault."""

from dataclasses import replace
import math
from pathlib import Path
import shutil

import faiss
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
import numpy as np
import pytest
import yaml

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.table_images import TableImages
from structvpr_ros.errors import MapError
from structvpr_ros.models.card import ModelCard
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.flat_index import FlatIndex
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.frame_file import write_frames
from structvpr_ros.place_map.meta import FRAMES, INDEX, MapMeta, META, THUMBNAILS
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.thumbnails import encode_thumbnail
from structvpr_ros.place_map.writer import write_map
from structvpr_ros.storage import file_hash

CARD = ModelCard(
    branch='rgb', backbone='b', aggregator='a', channels=3, input_size=(4, 4), descriptor_size=3,
    mean=(0.0,) * 3, std=(1.0,) * 3, fingerprint='f' * 64)


ORIGIN = GeoPoint(48.1, 11.5, 520.0)


def in_memory(rows: np.ndarray) -> PlaceMap:
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    meta = MapMeta('f', rows.shape[1], len(rows), len(rows), 'map', 'now', {})
    frames = tuple(Frame(row, f'{row}', f'{row}.png', None, None, None, None, '')
                   for row in range(len(rows)))
    return PlaceMap(Path('m'), meta, frames, FlatIndex(index))


def vectors(count):
    # Small whole numbers: inner products are exact, and many of them tie.
    return arrays(np.float32, st.tuples(count, st.just(3)), elements=st.integers(-2, 2).map(float))


@given(vectors(st.integers(1, 60)), vectors(st.integers(1, 30)), st.integers(1, 70))
def test_search_is_a_look_at_every_frame(rows, queries, k):
    scores, found = in_memory(rows).search(queries, k)
    assert scores.shape == found.shape == (len(queries), min(k, len(rows)))
    for query, score, row in zip(queries, scores, found, strict=True):
        expected = sorted((-float(np.dot(query, other)), number)
                          for number, other in enumerate(rows))[:k]
        assert row.tolist() == [number for _, number in expected]
        assert score.tolist() == [-negated for negated, _ in expected]


def test_search_refuses_other_descriptors():
    place_map = in_memory(np.eye(3, dtype=np.float32))
    for shape in ((3,), (1, 2), (1, 4), (1, 1, 3)):
        with pytest.raises(MapError, match=r'expected descriptors of shape \(Q, 3\), found'):
            place_map.search(np.zeros(shape, np.float32), 1)
    with pytest.raises(MapError, match='expected finite descriptors'):
        place_map.search(np.array([[math.nan, 0, 0]], np.float32), 1)


def content(table, **changes) -> MapContent:
    return MapContent(**{
        'entries': TableImages(table).entries, 'frame_id': 'map', 'fingerprint': CARD.fingerprint,
        'descriptors': np.eye(3, dtype=np.float32)[:len(table)], **changes})


@pytest.fixture
def table(tmp_path):
    return PlaceTable(
        tmp_path / 'drive', ('images/a.png', 'images/b.png', 'images/c.png'), ('p', 'q', 'p'),
        np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0.5, math.nan, -0.5]),
        ('day', 'day', ''), ('', '', ''))


@pytest.fixture
def folder(table, tmp_path):
    return write_map(tmp_path / 'map', content(table, frame_id='world', origin=ORIGIN))


def test_round_trip(folder):
    place_map = PlaceMap.open(folder)
    assert len(place_map) == 3
    assert place_map.frames == (
        Frame(0, 'p', 'images/a.png', 1.0, 2.0, 0.5, None, 'day', 'drive'),
        Frame(1, 'q', 'images/b.png', 3.0, 4.0, None, None, 'day', 'drive'),
        Frame(2, 'p', 'images/c.png', 5.0, 6.0, -0.5, None, '', 'drive'))
    meta = place_map.meta
    assert (meta.fingerprint, meta.descriptor_size, meta.frames, meta.places, meta.frame_id,
            meta.origin) == ('f' * 64, 3, 3, 2, 'world', ORIGIN)
    scores, rows = place_map.search(np.array([[0.0, 0.8, 0.6]], np.float32), 2)
    assert rows.tolist() == [[1, 2]]
    np.testing.assert_allclose(scores, [[0.8, 0.6]])
    place_map.check_model(CARD)


def test_without_positions(table, tmp_path):
    folder = write_map(tmp_path / 'map', content(replace(table, positions=None)))
    assert {(frame.x, frame.y) for frame in PlaceMap.open(folder).frames} == {(None, None)}


def test_an_older_map_is_replaced_whole(folder, table):
    write_map(folder, content(table.take([1])))
    assert [frame.place for frame in PlaceMap.open(folder).frames] == ['q']
    assert sorted(path.name for path in folder.parent.iterdir()) == ['map']


def test_another_model_is_refused_with_both_fingerprints(folder):
    with pytest.raises(MapError, match='fingerprint ffffffffffff, found.*eeeeeeeeeeee'):
        PlaceMap.open(folder).check_model(replace(CARD, fingerprint='e' * 64))


@pytest.mark.parametrize('name', [META, INDEX, FRAMES])
def test_a_missing_file(folder, name):
    (folder / name).unlink()
    with pytest.raises(MapError, match=f'{name}: expected .*, found no'):
        PlaceMap.open(folder)


@pytest.mark.parametrize('name', [INDEX, FRAMES])
@pytest.mark.parametrize('damage', [
    lambda data: data[:-1], lambda data: data + b'\0', lambda data: b'',
    lambda data: data[:60] + bytes([data[60] ^ 4]) + data[61:]])
def test_a_damaged_file(folder, name, damage):
    (folder / name).write_bytes(damage((folder / name).read_bytes()))
    with pytest.raises(MapError, match=f'{name}: expected SHA-256'):
        PlaceMap.open(folder)


def rewrite(folder, **changes) -> None:
    stored = yaml.safe_load((folder / META).read_text())
    stored.update(changes)
    stored['files'] = {name: file_hash(folder / name) for name in (INDEX, FRAMES)}
    (folder / META).write_text(yaml.safe_dump(stored))


@pytest.mark.parametrize('changes', [{'places': 3}, {'frames': 2}, {'frames': 4},
                                     {'descriptor_size': 4}, {'frames': 10 ** 40}])
def test_files_that_disagree(folder, changes):
    rewrite(folder, **changes)
    with pytest.raises(MapError, match='expected'):
        PlaceMap.open(folder)


def test_frames_of_another_map_with_a_right_hash(folder):
    (folder / FRAMES).unlink()
    write_frames(folder / FRAMES, [Frame(0, 'p', 'x.png', None, None, None, None, '')])
    rewrite(folder)
    with pytest.raises(MapError, match='expected 3 frames, found 1'):
        PlaceMap.open(folder)


def test_thumbnails_come_with_the_map(folder, table):
    assert PlaceMap.open(folder).thumbnails is None
    pictures = [np.full((6, 8, 3), shade, np.uint8) for shade in (0, 90, 180)]
    write_map(folder, content(table, thumbnails=(
        encode_thumbnail(picture, 240) for picture in pictures)))
    thumbnails = PlaceMap.open(folder).thumbnails
    for row, picture in enumerate(pictures):
        np.testing.assert_allclose(thumbnails.read(row), picture, atol=3)


@pytest.mark.parametrize('damage', [
    lambda path: path.write_bytes(path.read_bytes()[:-1]), lambda path: path.unlink(),
    lambda path: path.write_bytes(b'')])
def test_a_map_opens_without_its_thumbnails_where_they_are_bad(folder, table, damage, caplog):
    write_map(folder, content(table, thumbnails=[b''] * 3))
    damage(folder / THUMBNAILS)
    place_map = PlaceMap.open(folder)
    assert len(place_map) == 3 and place_map.thumbnails is None
    assert 'going on without thumbnails' in caplog.text and THUMBNAILS in caplog.text


def test_the_tiny_map_holds_the_day(tiny_map, tiny_dataset, tmp_path):
    moved = shutil.copytree(tiny_map, tmp_path / 'elsewhere')
    day = read_place_dataset(tiny_dataset).select(condition='day')
    frames = PlaceMap.open(moved).frames
    assert tuple(frame.image for frame in frames) == day.images
    assert tuple(frame.place for frame in frames) == day.places
    np.testing.assert_array_equal([(frame.x, frame.y) for frame in frames], day.positions)
