# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Local features in a map: through building, adding, removing, merging, checking and a kill."""

from dataclasses import replace
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.handmade import HandmadeExtractor
from structvpr_ros.inference.local_features.registry import create_extractor
from structvpr_ros.place_map.add import add_to_map, AddOptions
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.place_map.content import FeatureContent
from structvpr_ros.place_map.export import export_map, ExportMapOptions
from structvpr_ros.place_map.extracting import FeatureLog
from structvpr_ros.place_map.feature_record import FeatureRecord
from structvpr_ros.place_map.inspect_map import check_map, map_info, MapOptions
from structvpr_ros.place_map.merge import merge_maps, MergeOptions
from structvpr_ros.place_map.meta import FEATURES
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.remove import remove_from_map, RemoveOptions

# Builds a map, and kills itself with SIGKILL once five images have their features stored.
DYING = """
import os, signal, sys
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.place_map.extracting import FeatureLog
append = FeatureLog.append
def append_and_die(log, row):
    append(log, row)
    if len(log) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
FeatureLog.append = append_and_die
build_map(BuildMapOptions(*sys.argv[1:4], local_features='orb'))
"""


def content(count: int, first: int, kind: str = 'xfeat', most: int = 4) -> FeatureContent:
    """Return features of which the first point of each frame tells which one it is."""
    record = FeatureRecord(kind, most, 8)
    return FeatureContent(record, [record.encode(LocalFeatures(
        np.array([[first + row, 1], [2, 3]], np.float32), np.eye(8, dtype=np.float32)[:2]))
        for row in range(count)])


def marks(place_map: PlaceMap) -> list[float]:
    return [float(place_map.features[row].points[0, 0]) for row in range(len(place_map))]


def test_built_features_are_those_of_the_images(tiny_dataset, tiny_bundle, tmp_path, caplog):
    caplog.set_level('INFO')
    folder = build_map(BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'map',
                                       local_features='sift', max_features=40))
    told = 'sift, at most 40 a frame, 5282 bytes a frame'
    assert told in caplog.text
    assert f'local features: {told}' in map_info(MapOptions(folder))
    assert 'no fault' in check_map(MapOptions(folder))
    place_map, table = PlaceMap.open(folder), read_place_dataset(tiny_dataset)
    extractor = create_extractor('sift')
    for row in (0, 7):
        found = extractor.extract(read_image(table.image_path(row)))
        assert 0 < len(place_map.features[row]) == min(len(found), 40)
        np.testing.assert_allclose(place_map.features[row].points, found.points[:40], atol=0.01)
    assert [path.name for path in tmp_path.iterdir()] == ['map']
    assert export_map(ExportMapOptions(folder, tmp_path / 'export')).is_dir()


def test_a_map_has_none_unless_asked(tiny_map):
    assert PlaceMap.open(tiny_map).features is None
    assert not (tiny_map / FEATURES).exists()
    assert 'local features: none' in map_info(MapOptions(tiny_map))


def test_a_killed_build_goes_on(tiny_dataset, tiny_bundle, tmp_path, monkeypatch):
    options = BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'map', local_features='orb')
    died = subprocess.run([sys.executable, '-c', DYING, str(tiny_dataset), str(tiny_bundle),
                           str(options.output)], stderr=subprocess.DEVNULL)
    assert died.returncode == -signal.SIGKILL
    assert {path.name for path in tmp_path.iterdir()} == {'.map.descriptors', '.map.features'}
    with (tmp_path / '.map.features').open('ab') as file:
        file.write(bytes(20_000))  # as a power cut may leave it
    extract, looked_at = HandmadeExtractor.extract, []

    def counting(extractor, image):
        looked_at.append(image)
        return extract(extractor, image)
    with monkeypatch.context() as patch:
        patch.setattr(HandmadeExtractor, 'extract', counting)
        build_map(options)
    assert len(looked_at) == 1 + 12 - 5  # the blank one that tells the descriptors' length
    assert [path.name for path in tmp_path.iterdir()] == ['map']
    whole = build_map(replace(options, output=tmp_path / 'whole'))
    assert (whole / FEATURES).read_bytes() == (options.output / FEATURES).read_bytes()


def test_a_log_has_what_was_written(tmp_path):
    record = FeatureRecord('orb', 2, 8)
    rows = [record.encode(LocalFeatures(np.full((1, 2), row, np.float32),
                                        np.ones((1, 8), np.float32))) for row in range(3)]
    with FeatureLog(tmp_path / 'log', b'key', record) as log:
        for row in rows:
            log.append(row)
        assert list(log) == rows
    content = bytearray((tmp_path / 'log').read_bytes())
    content[-1] ^= 1
    (tmp_path / 'log').write_bytes(content)
    with FeatureLog(tmp_path / 'log', b'key', record) as log:
        assert list(log) == rows[:2]
    with FeatureLog(tmp_path / 'log', b'yek', record) as log:
        assert list(log) == []


def test_added_images_get_features_of_the_same_kind(tiny_dataset, tiny_bundle, tmp_path):
    options = AddOptions(tiny_dataset, tiny_bundle, tmp_path / 'map', condition='day',
                         local_features='orb', max_features=30)
    build_map(options)
    before = PlaceMap.open(options.output)
    with pytest.raises(ConfigurationError, match='expected local_features orb, as .*found sift'):
        add_to_map(replace(options, condition=None, local_features='sift'))
    add_to_map(replace(options, condition=None, local_features=None, max_features=256))
    grown = PlaceMap.open(options.output)
    assert len(grown.features) == 12 and grown.features.record == before.features.record
    assert [grown.features.stored(row) for row in range(6)] == \
        [before.features.stored(row) for row in range(6)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ['map']


def test_a_map_without_features_gets_none(tiny_dataset, tiny_bundle, tmp_path):
    options = AddOptions(tiny_dataset, tiny_bundle, tmp_path / 'map', condition='day')
    build_map(options)
    with pytest.raises(ConfigurationError, match='expected local_features None, as .*found orb'):
        add_to_map(replace(options, condition=None, local_features='orb'))
    add_to_map(replace(options, condition=None))
    assert PlaceMap.open(options.output).features is None


def test_what_stays_keeps_its_own(make_map):
    folder = make_map(features=content(4, 10))
    remove_from_map(RemoveOptions(folder, condition='day'))
    assert marks(PlaceMap.open(folder)) == [10, 12]


def test_merged_maps_have_the_features_of_all(make_map, tmp_path):
    maps = (make_map('a', 3, 'monday', features=content(3, 10)),
            make_map('b', 2, 'tuesday', features=content(2, 20, most=7)),
            make_map('c', 2, 'friday', features=content(2, 30, most=2)))
    merged = PlaceMap.open(merge_maps(MergeOptions(maps, tmp_path / 'all')))
    assert marks(merged) == [10, 11, 12, 20, 21, 30, 31]
    assert merged.features.record.most == 7
    assert 'no fault' in check_map(MapOptions(merged.folder))


@pytest.mark.parametrize(('other', 'told'), [
    ({'features': content(2, 20, 'sift')}, 'xfeat, sift'), ({}, 'xfeat, none')])
def test_features_that_do_not_go_together_are_left_out(make_map, tmp_path, caplog, other, told):
    maps = (make_map('a', 3, 'monday', features=content(3, 10)),
            make_map('b', 2, 'tuesday', **other))
    merged = PlaceMap.open(merge_maps(MergeOptions(maps, tmp_path / 'all')))
    assert len(merged) == 5 and merged.features is None
    assert f'expected some of one kind in all maps, found {told}' in caplog.text


def test_a_fault_is_told(make_map):
    folder = make_map(features=content(4, 10))
    with (folder / FEATURES).open('r+b') as file:
        file.seek(56)
        file.write(b'\xff')
    PlaceMap.open(folder)  # as they are read only when they are asked for
    with pytest.raises(MapError, match='features.bin: expected SHA-256 .*; .*row 0: expected at '
                                       'most 4 features of a frame, found 255'):
        check_map(MapOptions(folder))
    os.truncate(folder / FEATURES, 100)
    with pytest.raises(MapError, match='features.bin: expected 256 bytes for 4 records'):
        PlaceMap.open(folder)


def test_a_large_map_has_them_too(make_map):
    random = np.random.default_rng(0).normal(size=(300, 16)).astype(np.float32)
    folder = make_map(
        entries=[PosedImage('s', f'{row}.png', f'p{row}') for row in range(300)],
        descriptors=random / np.linalg.norm(random, axis=1, keepdims=True), thumbnails=False,
        index='ivf', features=content(300, 0))
    assert marks(PlaceMap.open(folder)) == list(range(300))
