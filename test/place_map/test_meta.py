# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The head of a map: typed, versioned, and never more than plain values."""

from dataclasses import replace

import pytest
import yaml

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.place_groups import Grouping
from structvpr_ros.errors import MapError
from structvpr_ros.place_map.meta import FRAMES, INDEX, MapMeta, META, THUMBNAILS
from structvpr_ros.storage import file_hash


@pytest.fixture
def folder(tmp_path):
    for name in (INDEX, FRAMES):
        (tmp_path / name).write_bytes(name.encode())
    example(tmp_path).save(tmp_path)
    return tmp_path


def example(folder) -> MapMeta:
    return MapMeta('abc', 8, 4, 2, 'map', '2026-01-01T00:00:00+00:00',
                   {name: file_hash(folder / name) for name in (INDEX, FRAMES)})


def test_round_trip(folder):
    assert MapMeta.load(folder) == example(folder)


def test_the_origin_comes_back(folder):
    meta = replace(example(folder), origin=GeoPoint(48.1, 11.5, 520.0))
    meta.save(folder)
    assert MapMeta.load(folder) == meta


def test_what_made_images_one_place_comes_back(folder):
    meta = replace(example(folder), grouping=Grouping(4.5, 0.3))
    meta.save(folder)
    assert MapMeta.load(folder) == meta


def test_older_maps_do_not_tell_what_made_images_one_place(folder):
    stored = yaml.safe_load((folder / META).read_text())
    del stored['grouping']
    (folder / META).write_text(yaml.safe_dump(stored))
    assert MapMeta.load(folder) == example(folder)


def test_thumbnails_are_listed_and_left_to_who_opens_them(folder):
    meta = replace(example(folder), files={**example(folder).files, THUMBNAILS: 'a'})
    meta.save(folder)
    assert MapMeta.load(folder) == meta


@pytest.mark.parametrize(('name', 'value'), [
    ('format_version', 1), ('format_version', '1'), ('format_version', True),
    ('metric', 'l2'), ('index', 'hnsw'), ('index', ['flat']), ('fingerprint', 5),
    ('fingerprint', ''), ('descriptor_size', 0), ('descriptor_size', 8.0), ('frames', -1),
    ('frames', True), ('places', None), ('frame_id', ['map']), ('frame_id', ''),
    ('created', None), ('files', []), ('files', {}), ('files', {INDEX: 'a', FRAMES: 5}),
    ('files', {INDEX: 'a', FRAMES: 'b', '../../etc/passwd': 'c'}),
    ('files', {INDEX: 'a', FRAMES: 'b', THUMBNAILS: 5}), ('files', {INDEX: 'a', THUMBNAILS: 'b'}),
    ('files', {INDEX: 'a', '../places.sqlite': 'b'}),
    ('origin', 5), ('origin', {}), ('origin', {'latitude': 1.0, 'longitude': 2.0}),
    ('origin', {'latitude': 91.0, 'longitude': 2.0, 'altitude': 0.0}),
    ('origin', {'latitude': 1.0, 'longitude': True, 'altitude': 0.0}),
    ('origin', {'latitude': 1.0, 'longitude': 2.0, 'altitude': float('nan')}),
    ('origin', {'latitude': 1.0, 'longitude': 2.0, 'altitude': 10 ** 400}),
    ('grouping', None), ('grouping', 4.0), ('grouping', {}), ('grouping', {'radius': 4.0}),
    ('grouping', {'radius': -1.0, 'angle': 0.5}), ('grouping', {'radius': 4.0, 'angle': True}),
    ('grouping', {'radius': 10 ** 400, 'angle': 0.5}), ('grouping', {'radius': 4.0, 'angle': 4.0}),
    ('grouping', {'radius': 1e-320, 'angle': 0.5}), ('grouping', {'radius': 'a', 'angle': 0.5})])
def test_a_field_of_another_kind(folder, name, value):
    stored = yaml.safe_load((folder / META).read_text())
    stored[name] = value
    (folder / META).write_text(yaml.safe_dump(stored))
    with pytest.raises(MapError, match=f'map.yaml: expected .*{name}.*, found') as caught:
        MapMeta.load(folder)
    assert '\n' not in str(caught.value)


def test_missing_and_unknown_fields(folder):
    stored = yaml.safe_load((folder / META).read_text())
    del stored['frame_id']
    stored['surprise'] = stored[3] = 1
    (folder / META).write_text(yaml.safe_dump(stored))
    with pytest.raises(MapError, match="missing: frame_id, unknown: 'surprise', 3"):
        MapMeta.load(folder)


@pytest.mark.parametrize('text', [
    '!!python/object/apply:os.system ["true"]', 'format_version: !!python/name:os.system',
    '[1, 2]', '', 'text', '{', '&a [*b]'])
def test_no_map_of_values(folder, text):
    (folder / META).write_text(text)
    with pytest.raises(MapError, match='map.yaml: '):
        MapMeta.load(folder)


def test_no_map(tmp_path):
    with pytest.raises(MapError, match='expected a place map, found no such file'):
        MapMeta.load(tmp_path / 'nowhere')
