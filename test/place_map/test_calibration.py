# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The calibration of a map: stored beside what is there, checked, and lost with its images."""

from dataclasses import replace
import logging

import pytest
import yaml

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.calibration import (Calibration, MOST_POINTS, read_calibration,
                                                 RerankedCalibration, store_calibration)
from structvpr_ros.place_map.confidence import Confidence
from structvpr_ros.place_map.content import content_of
from structvpr_ros.place_map.inspect_map import check_map, map_info, MapOptions
from structvpr_ros.place_map.merge import merge_maps, MergeOptions
from structvpr_ros.place_map.meta import CALIBRATION, FRAMES, INDEX, MapMeta
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.remove import remove_from_map, RemoveOptions
from structvpr_ros.place_map.writer import write_map
from structvpr_ros.storage import file_hash

EXAMPLE = Calibration(
    min_score=0.8125, min_margin=0.0, target=0.99, precision=0.995, recall=0.5, auc=0.625,
    recall_at_99=0.5, recall_at_100=0.25, drives=3, inside=40, outside=41, outside_share=0.5,
    curve=((0.875, 1.0, 0.25), (0.8125, 0.995, 0.5), (-0.5, 0.75, 1.0)))
RERANKED = replace(EXAMPLE, reranked=RerankedCalibration(
    0.75, 0.99, 0.5, Confidence(-2.5, 1.25, 3.0, -1.0, 12.0, 0.125)))


@pytest.fixture
def folder(make_map):
    folder = make_map()
    store_calibration(folder, EXAMPLE)
    return folder


def test_round_trip(folder):
    assert PlaceMap.open(folder).calibration == EXAMPLE
    assert check_map(MapOptions(folder)).endswith('no fault')
    assert 'min_score 0.8125, min_margin 0.0000: answers 50.0% rightly at a precision of 99.5%' \
        in map_info(MapOptions(folder))


def test_round_trip_where_answers_are_reranked(folder):
    for skip_lead in (0.125, None):
        stored = replace(RERANKED, reranked=replace(RERANKED.reranked, confidence=replace(
            RERANKED.reranked.confidence, skip_lead=skip_lead)))
        store_calibration(folder, stored)
        assert PlaceMap.open(folder).calibration == stored
        assert 'calibration, re-ranked: min_score 0.7500: answers 50.0% rightly' in map_info(
            MapOptions(folder))


def test_one_of_before_there_was_reranking(folder):
    path = folder / CALIBRATION
    stored = yaml.safe_load(path.read_text())
    del stored['reranked']
    path.write_text(yaml.safe_dump(stored))
    assert read_calibration(path) == EXAMPLE


@pytest.mark.parametrize(('name', 'value'), [
    ('min_score', 1.5), ('precision', None), ('confidence', None), ('confidence', {}),
    ('unknown', 1), *(('confidence', {name: value}) for name, value in (
        ('intercept', float('nan')), ('intercept', 1e5), ('inliers', -0.1), ('lead', True),
        ('plain_lead', '1'), ('plain_intercept', [1]), ('skip_lead', -0.1), ('unknown', 1)))])
def test_a_reranked_value_that_cannot_be(folder, name, value):
    store_calibration(folder, RERANKED)
    path = folder / CALIBRATION
    stored = yaml.safe_load(path.read_text())
    reranked = stored['reranked']
    reranked[name] = {**reranked[name], **value} if value and name == 'confidence' else value
    path.write_text(yaml.safe_dump(stored))
    with pytest.raises(MapError, match='calibration.yaml: expected null, or a threshold, .*found'):
        read_calibration(path)


def test_all_else_stays_as_it_is(make_map):
    folder = make_map()
    before, meta = PlaceMap.open(folder), MapMeta.read(folder)
    assert before.calibration is None
    for min_score in (0.5, 0.75):
        store_calibration(folder, replace(EXAMPLE, min_score=min_score))
    after = PlaceMap.open(folder)
    assert after.calibration.min_score == 0.75
    assert after.frames == before.frames and after.thumbnails.jpeg(1) == before.thumbnails.jpeg(1)
    files = dict(after.meta.files)
    assert files.pop(CALIBRATION) == file_hash(folder / CALIBRATION)
    assert replace(after.meta, files=files) == meta


def test_it_is_lost_with_the_images_that_it_held_for(folder, make_map, caplog):
    other = make_map('other', source='tuesday')
    with caplog.at_level(logging.WARNING):
        merge_maps(MergeOptions((other, folder), other))
        assert 'its calibration held for other images' in caplog.text
        caplog.clear()
        remove_from_map(RemoveOptions(folder, place='p0'))
        assert 'its calibration held for other images' in caplog.text
    for changed in (folder, other):
        assert PlaceMap.open(changed).calibration is None
        assert not (changed / CALIBRATION).exists()
        assert check_map(MapOptions(changed))


def test_a_map_that_was_shared_is_not_changed(folder):
    # Calibrating links the files of the old map into the new one.
    held = PlaceMap.open(folder)
    hashes = {name: file_hash(folder / name) for name in (INDEX, FRAMES)}
    store_calibration(folder, EXAMPLE)
    assert {name: file_hash(folder / name) for name in (INDEX, FRAMES)} == hashes
    write_map(folder, content_of(held, range(2)))
    assert held.thumbnails.jpeg(3) == b'monday 3'


@pytest.mark.parametrize('damage', [lambda path: path.unlink(), lambda path: path.write_text('')])
def test_a_calibration_that_was_changed_is_not_gone_by(folder, damage):
    damage(folder / CALIBRATION)
    for look in (PlaceMap.open, lambda folder: check_map(MapOptions(folder))):
        with pytest.raises(MapError, match='calibration.yaml: expected'):
            look(folder)


@pytest.mark.parametrize(('name', 'value'), [
    ('min_score', 1.5), ('min_score', float('nan')), ('min_score', '0.5'), ('min_margin', -0.1),
    ('min_margin', True), ('target', 2), ('auc', None), ('recall', float('inf')),
    ('drives', 1.0), ('inside', -1), ('outside', [1]), ('curve', 5), ('curve', [[0.5, 1.0]]),
    ('curve', [[0.5, 1.0, 2.0]]), ('curve', [[float('nan'), 1.0, 1.0]]), ('curve', ['abc']),
    ('curve', [[0.0, 0.0, 0.0]] * (MOST_POINTS + 1))])
def test_a_value_that_no_calibration_has(folder, name, value):
    path = folder / CALIBRATION
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), name: value}))
    with pytest.raises(MapError, match=f'calibration.yaml: expected .* as {name}, found'):
        read_calibration(path)


@pytest.mark.parametrize('text', [
    '', '[]', 'min_score: 0.5', '!!python/object/apply:os.system ["true"]', '{'])
def test_no_calibration(tmp_path, text):
    path = tmp_path / CALIBRATION
    path.write_text(text)
    with pytest.raises(MapError, match='calibration.yaml: '):
        read_calibration(path)
