# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Calibrating a map with local features: from its own drives, and from images of elsewhere."""

from dataclasses import replace

import numpy as np
import pytest

from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.evaluation.calibrate import calibrate_map, CalibrateOptions, drive_numbers
from structvpr_ros.evaluation.verified import best_places, look_own
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.matching.leads import leads
from structvpr_ros.matching.ranking import rank_places
from structvpr_ros.matching.reranking import rerank
from structvpr_ros.matching.second_stage import SecondStage
from structvpr_ros.place_map.add import add_to_map, AddOptions
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.place_map.content import content_of, FeatureContent, MapContent
from structvpr_ros.place_map.feature_record import FeatureRecord
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map

SPOTS, POINTS = 40, 40
RECORD = FeatureRecord('sift', POINTS, 128)


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """
    Give a map of three drives past the same spots.

    Descriptors say little of the spot, local features say all of it.
    """
    random = np.random.default_rng(0)
    spots = random.normal(size=(SPOTS, 16))
    points = random.uniform(20, 230, (SPOTS, POINTS, 2)).astype(np.float32)
    looks = random.normal(size=(SPOTS, POINTS, 128)).astype(np.float32)
    looks /= np.linalg.norm(looks, axis=2, keepdims=True)
    entries, descriptors, rows = [], [], []
    for drive in 'abc':
        for spot in range(SPOTS):
            entries.append(PosedImage('town', f'{drive}/{spot}', f'{drive}_{spot}', 30.0 * spot,
                                      0.0, 0.0, None, drive))
            descriptors.append(spots[spot] + 0.9 * random.normal(size=16))
            rows.append(RECORD.encode(LocalFeatures(
                points[spot] + random.uniform(0, 5, 2), looks[spot])))
    descriptors = np.array(descriptors, np.float32)
    descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
    return write_map(tmp_path_factory.mktemp('reranked') / 'map', MapContent(
        entries, descriptors, 'f' * 64, 'map', features=FeatureContent(RECORD, rows)))


def test_probabilities_are_surer_than_similarities(folder):
    told = calibrate_map(CalibrateOptions(folder, precision=0.95))
    calibration = PlaceMap.open(folder).calibration
    reranked = calibration.reranked
    assert reranked.precision >= 0.95 and reranked.recall > calibration.recall + 0.1
    assert f're-ranked: {reranked}' in told
    assert SecondStage(PlaceMap.open(folder)).confidence == reranked.confidence
    # Whoever shares no point with the image is not the place; whoever shares all of them is.
    sure = reranked.confidence.verified([0, POINTS], [0.0, 0.0])
    assert sure[0] < 0.2 and sure[1] > 0.8


def test_where_no_similarity_is_enough_geometry_may_be(folder, tmp_path, caplog):
    # Spots that look alike in fours: the similarity is as high for wrong ones as for right ones.
    place_map = PlaceMap.open(folder)
    alike = np.eye(16, dtype=np.float32)[[int(frame.x / 30) % 10 for frame in place_map.frames]]
    same = write_map(tmp_path / 'map', replace(
        content_of(place_map, range(len(place_map))), descriptors=alike))
    calibrate_map(CalibrateOptions(same, precision=0.95))
    calibration = PlaceMap.open(same).calibration
    assert calibration.min_score == 1 and calibration.recall == 0
    assert calibration.reranked.precision >= 0.95 and calibration.reranked.recall > 0.5
    assert 'no similarity is high enough that 95.0%' in caplog.text


def test_each_image_is_looked_up_in_the_other_drives(folder):
    place_map = PlaceMap.open(folder)
    drives, x = drive_numbers(place_map), np.array([frame.x for frame in place_map.frames])
    rows = np.arange(0, len(place_map), 7)
    own, without = look_own(place_map, SecondStage(place_map), drives, rows,
                            CalibrateOptions.proximity)
    assert own.inside.all() and not without.inside.any() and not without.verified_right.any()
    assert_looked_up(place_map, rows, own, lambda row: drives != drives[row])
    # Elsewhere there are images of the same drive, too, in whose light the image was taken.
    assert_looked_up(place_map, rows, without, lambda row: x != x[row])


def assert_looked_up(place_map, rows, found, there):
    """Check what was found among the frames ``there(row)`` for each row, one at a time."""
    stage, similar = SecondStage(place_map), place_map.descriptors() @ place_map.descriptors().T
    for number, row in enumerate(rows.tolist()):
        candidates = best_places(place_map.frames, np.where(there(row), similar[row], -np.inf),
                                 stage.candidates)
        inliers = stage.inliers(place_map.features[row], candidates)
        first = rerank(inliers)[0]
        assert found.verified_inliers[number] == inliers[first]
        # BLAS rounds a product of other shapes in another way.
        assert found.lead[number] == pytest.approx(leads(candidates)[0], abs=1e-6)
        assert found.verified_lead[number] == pytest.approx(leads(candidates)[first], abs=1e-6)
        assert found.verified_right[number] == (
            candidates[first].frame.x == place_map.frames[row].x)


def test_places_rank_as_the_robot_ranks_them(folder):
    place_map = PlaceMap.open(folder)
    query = place_map.descriptors()[5]
    expected = rank_places(place_map, query, 12)
    found = best_places(place_map.frames, place_map.descriptors() @ query, 12)
    assert [one.place for one in found] == [one.place for one in expected]
    assert [one.score for one in found] == pytest.approx([one.score for one in expected])
    nothing = np.full(len(place_map), -np.inf, np.float32)
    assert best_places(place_map.frames, nothing, 12) == ()


def test_images_of_elsewhere_have_their_features_sought(tiny_dataset, tiny_bundle, tmp_path):
    options = AddOptions(tiny_dataset, tiny_bundle, tmp_path / 'map', condition='day',
                         local_features='orb')
    build_map(BuildMapOptions(tiny_dataset, tiny_bundle, options.output, local_features='orb'))
    random = np.random.default_rng(1)
    for number in range(4):
        write_image(tmp_path / 'outside' / f'{number}.png', np.kron(
            random.integers(0, 256, (6, 8, 3), np.uint8), np.ones((10, 10, 1), np.uint8)))
    add_to_map(options)
    told = calibrate_map(CalibrateOptions(options.output, outside=tmp_path / 'outside',
                                          model=tiny_bundle, precision=0.1,
                                          outside_share=0.05))
    assert '4 of none' in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ['map', 'outside']
