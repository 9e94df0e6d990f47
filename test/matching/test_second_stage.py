# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The second stage of the Localizer: it overrules, abstains, skips, and tells probabilities."""

from dataclasses import replace
import shutil
import subprocess
import sys

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.inference.local_features.handmade import HandmadeExtractor
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.matching.second_stage import open_second_stage, SecondStage
from structvpr_ros.matching.sequence_filter import SequenceFilter
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.place_map.confidence import Confidence
from structvpr_ros.place_map.feature_file import write_features
from structvpr_ros.place_map.feature_record import FeatureRecord
from structvpr_ros.place_map.meta import FEATURES, MapMeta
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.storage import file_hash

CONFIDENCE = Confidence(-3.0, 1.2, 2.0, -1.0, 10.0, None)
BLANK = np.full((60, 80, 3), 128, np.uint8)


@pytest.fixture(scope='module')
def day(tiny_dataset):
    table = read_place_dataset(tiny_dataset).select(condition='day')
    return [read_image(table.image_path(row)) for row in range(len(table))]


@pytest.fixture(scope='module')
def place_map(featured_map):
    return PlaceMap.open(featured_map)


@pytest.fixture
def stage(place_map):
    stage = SecondStage(place_map)
    stage.confidence = CONFIDENCE
    return stage


@pytest.fixture
def extracted(monkeypatch):
    """Give a list that grows by each image whose features are sought."""
    images, extract = [], HandmadeExtractor.extract

    def counting(extractor, image):
        images.append(image)
        return extract(extractor, image)
    monkeypatch.setattr(HandmadeExtractor, 'extract', counting)
    return images


def ranked(place_map, rows, scores=None):
    """Return candidates of rows of a map, as a first stage may have ranked them."""
    scores = np.linspace(0.9, 0.8, len(rows)).tolist() if scores is None else scores
    return tuple(Candidate(place_map.frames[row].place, score, place_map.frames[row])
                 for row, score in zip(rows, scores, strict=True))


def places(candidates):
    return [candidate.place for candidate in candidates]


def scores(candidates):
    return [candidate.score for candidate in candidates]


@pytest.mark.parametrize('place', range(6))
def test_geometry_overrules_a_wrong_first_answer(place_map, stage, day, place):
    others = [row for row in range(6) if row != place]
    judged = stage.judge(day[place], ranked(place_map, [*others, place]))
    assert places(judged.candidates) == [f'place_{row}' for row in (place, *others)]
    told = scores(judged.candidates)
    assert 1 >= told[0] > 0.5 and told == sorted(told, reverse=True)
    evidence = judged.evidence
    assert max(evidence, key=evidence.get) == f'place_{place}' and min(evidence.values()) == 0


def test_what_is_not_among_the_first_is_not_verified(place_map, day):
    stage = SecondStage(place_map, candidates=3)
    judged = stage.judge(day[5], ranked(place_map, range(6)))
    assert places(judged.candidates) == [f'place_{row}' for row in range(6)]
    assert len(judged.evidence) == 3
    told = scores(judged.candidates)
    assert told == sorted(told, reverse=True)


def test_a_blank_image_changes_nothing_and_is_not_trusted(place_map, stage):
    judged = stage.judge(BLANK, ranked(place_map, range(6)))
    assert places(judged.candidates) == [f'place_{row}' for row in range(6)]
    assert set(judged.evidence.values()) == {0.0}
    assert judged.candidates[0].score < 0.1


def test_a_decisive_lead_spares_the_work(place_map, stage, day, extracted):
    stage.confidence = replace(CONFIDENCE, skip_lead=0.2)
    behind = ranked(place_map, range(6), [0.9, *[0.75] * 5])
    stage.judge(day[0], behind)
    assert len(extracted) == 1
    ahead = ranked(place_map, range(6), [0.9, *[0.65] * 5])
    judged = stage.judge(day[0], ahead)
    assert len(extracted) == 1, 'nothing was sought'
    assert places(judged.candidates) == places(ahead) and judged.evidence == {}
    assert scores(judged.candidates) == pytest.approx(
        1 / (1 + np.exp(-(-1 + 10 * np.array([0.25, *[-0.25] * 5])))))


def test_the_same_image_is_always_judged_alike(place_map, stage, day):
    night = day[2] // 2 + 10
    judged = [stage.judge(night, ranked(place_map, [0, 2, 1])) for _ in range(3)]
    assert judged[0] == judged[1] == judged[2]


def test_as_many_features_of_the_image_as_of_a_frame(place_map, stage, day):
    features = stage.extract(day[0])
    assert len(features) > 20 == place_map.features.record.most
    own = ranked(place_map, [0])
    assert 12 <= stage.inliers(features, own)[0] <= 20


def damaged(featured_map, tmp_path, change):
    folder = tmp_path / 'damaged'
    shutil.copytree(featured_map, folder)
    change(folder / FEATURES)
    meta = MapMeta.read(folder)
    replace(meta, files={name: file_hash(folder / name) for name in meta.files}).save(folder)
    return SecondStage(PlaceMap.open(folder))


def test_features_of_another_length(featured_map, place_map, tmp_path, day):
    record = FeatureRecord('sift', 5, 64)
    stage = damaged(featured_map, tmp_path, lambda path: write_features(
        path, record, [bytes(record.dtype.itemsize)] * 6))
    with pytest.raises(MapError, match='expected descriptors of 128 numbers, as sift has, found'):
        stage.judge(day[0], ranked(place_map, range(6)))


def test_a_frame_without_features_is_no_match(featured_map, place_map, tmp_path, day):
    record = FeatureRecord('sift', 5, 128)
    stage = damaged(featured_map, tmp_path, lambda path: write_features(
        path, record, [bytes(record.dtype.itemsize)] * 6))
    judged = stage.judge(day[3], ranked(place_map, range(6)))
    assert places(judged.candidates) == [f'place_{row}' for row in range(6)]


def test_corrupt_features_are_told(featured_map, place_map, tmp_path, day):
    def change(path):
        content = bytearray(path.read_bytes())
        content[56:58] = b'\xff\xff'
        path.write_bytes(content)
    stage = damaged(featured_map, tmp_path, change)
    with pytest.raises(MapError, match='features.bin: row 0: expected at most 20 features'):
        stage.judge(day[0], ranked(place_map, range(6)))


def test_there_is_one_where_the_map_has_features(place_map, tiny_map):
    assert open_second_stage(place_map).kind == 'sift'
    assert open_second_stage(place_map, 'off') is None
    assert open_second_stage(PlaceMap.open(tiny_map)) is None
    with pytest.raises(ConfigurationError, match='expected at least 1 of candidates, found 0'):
        open_second_stage(place_map, candidates=0)


def test_the_localizer_tells_probabilities(featured_map, tiny_bundle, day):
    localizer = Localizer.open(featured_map, tiny_bundle)
    localizer.second_stage.confidence = CONFIDENCE
    for place, image in enumerate(day):
        recognition = localizer.recognize(image, float(place))
        assert recognition.candidates[0].place == f'place_{place}'
        assert recognition.localized and 0.5 < recognition.candidates[0].score < 1
        assert list(recognition.timings) == [
            'preprocess', 'describe', 'search', 'verify', 'decide']
    assert not localizer.recognize(BLANK, 9.0).localized
    similarity = Localizer.open(featured_map, tiny_bundle, rerank='off').recognize(day[0], 0.0)
    assert similarity.candidates[0].score == pytest.approx(1, abs=1e-4)
    assert 'verify' not in similarity.timings


def test_the_filter_takes_geometry_as_a_likelihood(featured_map, tiny_bundle, day):
    lone, joint = (Localizer.open(featured_map, tiny_bundle, rerank=rerank)
                   for rerank in ('off', 'auto'))
    found = []
    for localizer in (lone, joint):
        localizer.sequence = SequenceFilter(localizer.place_map.frames)
        recognition = localizer.recognize(day[4], 0.0)
        assert recognition.candidates[0].place == 'place_4'
        found.append(recognition.candidates[0].score)
    assert found[0] < found[1] <= 1
    assert list(recognition.timings)[2:] == ['search', 'verify', 'follow', 'decide']


def test_a_robot_with_xfeat_needs_no_torch(tiny_dataset, tiny_bundle, tmp_path):
    folder = build_map(BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'map',
                                       condition='day', local_features='xfeat'))
    script = '; '.join((
        'import sys', 'from pathlib import Path', 'import numpy as np',
        'from structvpr_ros.matching.localizer import Localizer',
        'localizer = Localizer.open(*map(Path, sys.argv[1:]))',
        'assert localizer.second_stage.kind == "xfeat"',
        'localizer.recognize(np.zeros((60, 80, 3), np.uint8), 0.0)',
        'assert not {"torch", "lightning", "matplotlib"} & set(sys.modules)'))
    subprocess.run([sys.executable, '-c', script, str(folder), str(tiny_bundle)], check=True)
