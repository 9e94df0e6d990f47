# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The Localizer end to end: real model, real map, no ROS."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
import shutil
import subprocess
import sys

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.errors import ConfigurationError, ImageError, MapError, ModelError
from structvpr_ros.matching.decision import Decision
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.sequence_filter import SequenceFilter
from structvpr_ros.models.card import ModelCard
from structvpr_ros.place_map.calibration import Calibration


@pytest.fixture(scope='module')
def localizer(tiny_map, tiny_bundle):
    return Localizer.open(tiny_map, tiny_bundle)


@pytest.fixture(scope='module')
def day(tiny_dataset):
    table = read_place_dataset(tiny_dataset).select(condition='day')
    return [(table.places[row], read_image(table.image_path(row))) for row in range(len(table))]


@pytest.mark.parametrize('engine', ['onnx', 'torch'])
def test_an_image_of_the_map_is_its_own_place(tiny_map, tiny_bundle, day, engine):
    localizer = Localizer.open(tiny_map, tiny_bundle, engine)
    for number, (place, image) in enumerate(day):
        recognition = localizer.recognize(image, stamp=float(number))
        assert recognition.localized and recognition.stamp == number
        best = recognition.candidates[0]
        assert best.place == place and best.frame.place == place
        assert best.score == pytest.approx(1, abs=1e-4)


def test_candidates_are_distinct_and_ranked(localizer, day):
    candidates = localizer.recognize(day[0][1], 0.0).candidates
    assert len(candidates) == len({candidate.place for candidate in candidates}) == 5
    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(('top_k', 'count'), [(1, 1), (2, 2), (6, 6), (100, 6)])
def test_as_many_candidates_as_asked_for(tiny_map, tiny_bundle, day, top_k, count):
    localizer = Localizer.open(tiny_map, tiny_bundle, top_k=top_k)
    assert len(localizer.recognize(day[0][1], 0.0).candidates) == count


def test_timings_cover_every_stage(localizer, day):
    timings = localizer.recognize(day[0][1], 0.0).timings
    assert list(timings) == ['preprocess', 'describe', 'search', 'decide']
    assert all(seconds >= 0 for seconds in timings.values())


def test_not_localized_keeps_its_candidates(tiny_map, tiny_bundle, day):
    night = (day[0][1] // 3).astype(np.uint8)
    localizer = Localizer.open(tiny_map, tiny_bundle, decision=Decision(min_score=1.0))
    recognition = localizer.recognize(night, 0.0)
    assert not recognition.localized and len(recognition.candidates) == 5


def test_the_thresholds_of_the_map_hold_where_nobody_names_others(tiny_map, tiny_bundle, day):
    localizer = Localizer.open(tiny_map, tiny_bundle)
    localizer.place_map.calibration = Calibration(1.0, 0.0, *[0.5] * 6, 1, 1, 1, 0.5, ())
    night = (day[0][1] // 3).astype(np.uint8)
    assert not localizer.recognize(night, 0.0).localized
    localizer.decision = Decision()
    assert localizer.recognize(night, 0.0).localized


def test_the_margin_binds_even_if_one_candidate_is_asked_for(tiny_map, tiny_bundle, day):
    def localized(min_margin: float) -> bool:
        localizer = Localizer.open(tiny_map, tiny_bundle, top_k=1,
                                   decision=Decision(min_margin=min_margin))
        return localizer.recognize(day[0][1], 0.0).localized

    assert localized(0.0) and not localized(1.0)


def test_the_same_image_gives_the_same_answer_in_every_thread(localizer, day):
    images = [image for _, image in day] * 4
    expected = [localizer.recognize(image, 0.0).candidates for image in images]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda image: localizer.recognize(image, 0.0).candidates, images))
    for one, other in zip(found, expected, strict=True):
        assert [candidate.place for candidate in one] == [candidate.place for candidate in other]


def test_with_a_filter_scores_are_probabilities_that_grow(tiny_map, tiny_bundle, day):
    localizer = Localizer.open(tiny_map, tiny_bundle, top_k=2, decision=Decision(0.9, 0.5))
    localizer.sequence = SequenceFilter(localizer.place_map.frames)
    place, image = day[2]
    found = [localizer.recognize(image, float(number), float(number)) for number in range(6)]
    assert not found[0].localized and found[-1].localized
    best = [recognition.candidates[0] for recognition in found]
    assert [candidate.place for candidate in best] == [place] * 6
    scores = [candidate.score for candidate in best]
    assert scores == sorted(scores) and 0 < scores[0] < 0.9 < scores[-1] <= 1
    assert list(found[0].timings) == ['preprocess', 'describe', 'search', 'follow', 'decide']
    assert len(found[0].candidates) == 2 and found[0].support[0].place == place


def test_an_image_that_is_refused_does_not_move_the_filter(tiny_map, tiny_bundle, day):
    localizer = Localizer.open(tiny_map, tiny_bundle)
    localizer.sequence = SequenceFilter(localizer.place_map.frames)
    answers = []
    for broken in (False, True):
        localizer.sequence.reset()
        localizer.recognize(day[2][1], 0.0, 0.0)
        if broken:
            with pytest.raises(ImageError):
                localizer.recognize(np.zeros((4, 4), np.uint8), 0.5, 0.5)
        answers.append(localizer.recognize(day[2][1], 1.0, 1.0).candidates)
    assert answers[0] == answers[1]


def test_support_does_not_depend_on_how_many_places_are_asked_for(tiny_map, tiny_bundle, day):
    few = Localizer.open(tiny_map, tiny_bundle, top_k=1).recognize(day[0][1], 0.0)
    assert len(few.candidates) == 1 and len(few.support) == 5


@pytest.mark.parametrize('image', [
    np.zeros((0, 0, 3), np.uint8), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32)])
def test_what_is_no_image_is_refused_and_harms_nothing(localizer, day, image):
    with pytest.raises(ImageError, match='expected an RGB image'):
        localizer.recognize(image, 0.0)
    assert localizer.recognize(day[1][1], 0.0).candidates[0].place == day[1][0]


def test_a_map_of_another_model_is_refused(tiny_map, tiny_bundle, tmp_path):
    other = shutil.copytree(tiny_bundle, tmp_path / 'other')
    replace(ModelCard.load(other), fingerprint='0' * 64).save(other)
    with pytest.raises(MapError, match='expected the model that built this map.*000000000000'):
        Localizer.open(tiny_map, other)


def test_what_cannot_be_opened(tiny_map, tiny_bundle, unexported_bundle, tmp_path):
    with pytest.raises(MapError, match='expected a place map'):
        Localizer.open(tmp_path, tiny_bundle)
    with pytest.raises(ModelError, match='expected a model bundle'):
        Localizer.open(tiny_map, tmp_path)
    with pytest.raises(ModelError, match='export'):
        Localizer.open(tiny_map, unexported_bundle)
    with pytest.raises(ConfigurationError, match='top_k'):
        Localizer.open(tiny_map, tiny_bundle, top_k=0)


def test_localizing_with_onnx_loads_no_torch(tiny_map, tiny_bundle):
    check = ('import sys, numpy; from structvpr_ros.matching.localizer import Localizer; '
             f'localizer = Localizer.open({str(tiny_map)!r}, {str(tiny_bundle)!r}); '
             'localizer.recognize(numpy.zeros((60, 80, 3), numpy.uint8), 0.0); '
             'heavy = {"torch", "onnx", "lightning", "matplotlib", "scipy"} & set(sys.modules); '
             'assert not heavy, heavy')
    subprocess.run([sys.executable, '-c', check], check=True)
