# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Calibrating maps, from their own drives and from images of elsewhere."""

import logging

import numpy as np
import pytest

from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.errors import ConfigurationError, DatasetError, MapError
from structvpr_ros.evaluation.asked import ask_own, joined
from structvpr_ros.evaluation.calibrate import calibrate_map, CalibrateOptions, drive_numbers
from structvpr_ros.evaluation.thresholds import outside_weights
from structvpr_ros.place_map.add import add_to_map, AddOptions
from structvpr_ros.place_map.calibration import MOST_POINTS
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map

SPOTS = 150


def drives_of(names, noise, seed=0, grouped=False, positions=True):
    """Return a map's content: drives past the same spots, 30 m apart, seen ever so similarly."""
    random = np.random.default_rng(seed)
    spots = random.normal(size=(SPOTS, 16))
    entries, descriptors = [], []
    for drive in names:
        for spot in range(SPOTS):
            place = f'{spot}' if grouped else f'{drive}_{spot}'
            entries.append(PosedImage('town', f'{drive}/{spot}', place,
                                      *((30.0 * spot, 0.0) if positions else (None, None)),
                                      0.0, None, drive))
            descriptors.append(spots[spot] + random.uniform(0.2, 1) * noise
                               * random.normal(size=16))
    descriptors = np.array(descriptors, np.float32)
    descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
    return MapContent(entries, descriptors, 'f' * 64, 'map')


@pytest.fixture
def folder(tmp_path):
    return write_map(tmp_path / 'map', drives_of('abc', 1.0))


def precision_and_recall(place_map, calibration):
    own, without = ask_own(place_map, drive_numbers(place_map), np.arange(len(place_map)),
                           CalibrateOptions.proximity)
    asked = joined([own, without])
    weights = outside_weights(asked.inside, calibration.outside_share)
    given = (asked.score >= calibration.min_score) & (asked.margin >= calibration.min_margin)
    right = weights[given & asked.right].sum()
    return right / weights[given].sum(), right / weights[asked.inside].sum()


@pytest.mark.parametrize('grouped', [False, True])
@pytest.mark.parametrize('target', [0.9, 0.99, 1.0])
def test_the_map_reaches_what_was_asked_for(tmp_path, target, grouped):
    folder = write_map(tmp_path / 'map', drives_of('abc', 1.0, grouped=grouped))
    told = calibrate_map(CalibrateOptions(folder, precision=target))
    place_map = PlaceMap.open(folder)
    calibration = place_map.calibration
    assert calibration.precision >= target and 0 < calibration.recall < 1
    assert precision_and_recall(place_map, calibration) == pytest.approx(
        (calibration.precision, calibration.recall))
    assert calibration.drives == 3 and calibration.inside == calibration.outside == 3 * SPOTS
    assert calibration.recall_at_100 <= calibration.recall_at_99 <= 1
    assert len(calibration.curve) <= MOST_POINTS
    thresholds, _, recalls = zip(*calibration.curve)
    assert sorted(thresholds, reverse=True) == list(thresholds)
    assert sorted(recalls) == list(recalls) and calibration.min_score in thresholds
    assert 'from 3 drives' in told and str(calibration) in told
    if not grouped:
        assert calibration.min_margin == 0


def test_a_drive_that_was_not_there_is_answered_as_precisely(tmp_path):
    # With few drives those left out weigh: the whole map has more that may be mistaken.
    everything = drives_of('abcdefgh', 1.0)
    first = 7 * SPOTS
    folder = write_map(tmp_path / 'map', MapContent(
        everything.entries[:first], everything.descriptors[:first], 'f' * 64, 'map'))
    calibrate_map(CalibrateOptions(folder, precision=0.95))
    calibration, other = PlaceMap.open(folder).calibration, tmp_path / 'all'
    write_map(other, everything)
    place_map = PlaceMap.open(other)
    own, without = ask_own(place_map, drive_numbers(place_map),
                           np.arange(first, len(everything.entries)), CalibrateOptions.proximity)
    asked = joined([own, without])
    given = asked.score >= calibration.min_score
    assert asked.right[given].mean() == pytest.approx(0.95, abs=0.05)
    assert asked.right[given].sum() / own.inside.sum() == pytest.approx(
        calibration.recall, abs=0.15)


def test_more_images_of_elsewhere_make_it_stricter(folder):
    found = []
    for share in (0.0, 0.5, 0.95):
        calibrate_map(CalibrateOptions(folder, outside_share=share))
        found.append(PlaceMap.open(folder).calibration)
    assert [one.min_score for one in found] == sorted(one.min_score for one in found)
    assert [one.recall for one in found] == sorted((one.recall for one in found), reverse=True)


def test_one_drive_is_asked_image_by_image_and_said_so(tmp_path, caplog):
    # Spots 30 m apart have nobody near; a second pass of the same drive has.
    content = drives_of('ab', 0.5)
    entries = [PosedImage('town', entry.image, entry.place, entry.x, entry.y, 0.0)
               for entry in content.entries]
    folder = write_map(tmp_path / 'map', MapContent(
        entries, content.descriptors, 'f' * 64, 'map'))
    with caplog.at_level(logging.WARNING):
        told = calibrate_map(CalibrateOptions(folder))
    assert 'no two drives see the same place' in caplog.text and 'from 1 drive;' in told


def test_a_map_whose_images_have_nobody_near(tmp_path, make_alone):
    with pytest.raises(MapError, match='expected images of the same place, found none'):
        calibrate_map(CalibrateOptions(make_alone(tmp_path / 'map')))
    assert PlaceMap.open(tmp_path / 'map').calibration is None


@pytest.fixture
def make_alone():
    def make(folder):
        return write_map(folder, drives_of('a', 1.0))
    return make


def test_a_map_whose_scores_say_nothing(tmp_path):
    content = drives_of('ab', 1.0)
    same = np.repeat(content.descriptors[:1], len(content.entries), 0)
    folder = write_map(tmp_path / 'map', MapContent(content.entries, same, 'f' * 64, 'map'))
    with pytest.raises(MapError, match='thresholds at which 99.0% of the answers are right'):
        calibrate_map(CalibrateOptions(folder))


def test_few_images_are_warned_of(tmp_path, caplog):
    content = drives_of('ab', 0.2)
    rows = [*range(20), *range(SPOTS, SPOTS + 20)]
    folder = write_map(tmp_path / 'map', MapContent(
        [content.entries[row] for row in rows], content.descriptors[rows], 'f' * 64, 'map'))
    calibrate_map(CalibrateOptions(folder))
    assert 'it takes 100 to tell a precision of 99.0% from a worse one' in caplog.text


def test_as_many_queries_as_asked_for(folder):
    calibrate_map(CalibrateOptions(folder, queries=30))
    calibration = PlaceMap.open(folder).calibration
    assert calibration.inside == 30 and calibration.outside == 30


def test_images_of_elsewhere(tiny_map, tiny_bundle, tiny_dataset, tmp_path, caplog):
    folder = tmp_path / 'map'
    add_source = AddOptions(tiny_dataset, tiny_bundle, folder, condition='night')
    write_map(folder, MapContent(
        *map_content(tiny_map), PlaceMap.open(tiny_map).meta.fingerprint, 'map'))
    add_to_map(add_source)
    elsewhere = tmp_path / 'elsewhere'
    random = np.random.default_rng(5)
    for number in range(3):
        write_image(elsewhere / 'deep' / f'{number}.png',
                    random.integers(0, 256, (30, 40, 3), np.uint8))
    options = CalibrateOptions(folder, elsewhere, precision=0.02, model=tiny_bundle)
    calibrate_map(options)
    calibration = PlaceMap.open(folder).calibration
    assert (calibration.drives, calibration.inside, calibration.outside) == (2, 12, 3)
    assert not list(tmp_path.glob('.map*')), 'something is left beside the map'
    calibrate_map(CalibrateOptions(folder, tiny_dataset, precision=0.02, model=tiny_bundle))
    assert PlaceMap.open(folder).calibration.outside == 12
    with pytest.raises(MapError, match='expected the model that built this map'):
        calibrate_map(CalibrateOptions(folder, elsewhere))
    with pytest.raises(DatasetError, match='expected a folder of images, found none'):
        calibrate_map(CalibrateOptions(folder, tmp_path / 'nowhere', model=tiny_bundle))
    assert PlaceMap.open(folder).calibration.outside == 12
    add_to_map(add_source)
    assert PlaceMap.open(folder).calibration is not None, 'nothing was new'


def map_content(folder):
    place_map = PlaceMap.open(folder)
    return [PosedImage(frame.source, frame.image, frame.place, frame.x, frame.y, frame.heading,
                       None, frame.condition) for frame in place_map.frames], \
        place_map.descriptors()


@pytest.mark.parametrize(('values', 'told'), [
    ({'precision': 0.0}, 'precision of 0 to 1'), ({'precision': 1.1}, 'precision'),
    ({'precision': float('nan')}, 'precision'), ({'outside_share': 1.0}, 'outside_share'),
    ({'outside_share': -0.1}, 'outside_share'), ({'queries': 0}, 'at least 1 of queries')])
def test_options_that_cannot_work(tmp_path, values, told):
    with pytest.raises(ConfigurationError, match=f'expected .*{told}'):
        CalibrateOptions(tmp_path, **values)
