# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A second stage behind a real system, on images that geometry can tell apart."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.evaluation.bootstrap import Bootstrap
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions
from structvpr_ros.evaluation.results import Evaluation
from structvpr_ros.evaluation.score_table import format_evaluation

PLACES = 14


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Give 14 places, each seen twice from a little apart, and a peer that ranks them wrong."""
    random = np.random.default_rng(0)
    root, rows = tmp_path / 'places', []
    for place in range(PLACES):
        blocks = random.integers(0, 256, (24, 32, 3), np.uint8)
        image = cv2.resize(blocks, (320, 256), interpolation=cv2.INTER_NEAREST)
        moved = cv2.warpAffine(image, np.float32([[1.02, 0.02, 3], [-0.02, 1.02, -4]]), (320, 256))
        for split, seen in (('test_map', image), ('test_query', moved)):
            name = f'images/{split}/{place:02}.png'
            write_image(root / name, seen)
            rows.append((name, f'p{place}', (100.0 * place, 0.0), split))
    names, places, positions, splits = zip(*rows)
    write_place_dataset(PlaceTable(root, names, places, np.array(positions), np.zeros(len(rows)),
                                   ('',) * len(rows), splits))
    # The true place is second for all, but eleventh for the last two.
    wrong = np.eye(PLACES)[(np.arange(PLACES) + 1) % PLACES]
    others = np.linspace(0.4, 0.1, PLACES)[np.argsort(
        np.argsort(random.random((PLACES, PLACES)), 1), 1)]
    queries = others + wrong + 0.45 * np.eye(PLACES)
    for query in (PLACES - 2, PLACES - 1):
        queries[query, query] = np.sort(queries[query])[-11]
        queries[query, query] -= 1e-6
    np.save(tmp_path / 'queries.npy', queries)
    np.save(tmp_path / 'map.npy', np.eye(PLACES))
    return root


def run(dataset: Path, **options) -> Evaluation:
    folder = dataset.parent
    return evaluate(EvaluateOptions(**{
        'dataset': dataset, 'bootstrap': Bootstrap(resamples=20),
        'descriptors': f'peer={folder / "queries.npy"},{folder / "map.npy"}', **options}))


@pytest.mark.parametrize('kind', ['xfeat', 'sift', 'orb'])
def test_geometry_finds_what_is_among_the_first(dataset: Path, tmp_path: Path, kind: str) -> None:
    evaluation = run(dataset, rerank=kind, output=tmp_path / 'out')
    before, after = evaluation.results
    assert (before.name, after.name) == ('peer', f'peer+{kind}')
    assert before.scores[0].measures['R@1'].value == 0
    assert after.scores[0].measures['R@1'].value == pytest.approx((PLACES - 2) / PLACES)
    np.testing.assert_array_equal(after.answers.rows[:-2, 0], np.arange(PLACES - 2))
    # What is not among the first ten is not looked at, and stays.
    np.testing.assert_array_equal(after.answers.rows[:, 10:], before.answers.rows[:, 10:])
    np.testing.assert_array_equal(np.sort(after.answers.rows, 1), np.sort(before.answers.rows, 1))
    # A score is a number of inliers.
    assert (after.answers.scores[:-2, 0] >= 12).all()
    assert (after.answers.scores[:, 10:] == 0).all()
    assert (np.diff(after.answers.scores, axis=1) <= 0).all()
    assert after.search_time > before.search_time > 0
    stored = json.loads((tmp_path / 'out' / 'scores.json').read_text())
    assert [system['name'] for system in stored['systems']] == ['peer', f'peer+{kind}']
    assert f'| peer+{kind} |' in format_evaluation(evaluation)


def test_flat_scenes_obey_a_homography(dataset: Path) -> None:
    _, after = run(dataset, rerank='orb', geometry='homography').results
    assert after.scores[0].measures['R@1'].value == pytest.approx((PLACES - 2) / PLACES)


def test_weights_that_nobody_named(dataset: Path) -> None:
    with pytest.raises(ConfigurationError, match=r'expected a file as weights\.superpoint'):
        run(dataset, rerank='superpoint')


def test_the_same_again(dataset: Path) -> None:
    one, other = (run(dataset, rerank='orb').results[1].answers for _ in range(2))
    np.testing.assert_array_equal(one.rows, other.rows)
    np.testing.assert_array_equal(one.scores, other.scores)


def test_every_kind_is_a_system_and_a_teacher_is_not_reranked(
        town: Path, pair: Path, tmp_path: Path) -> None:
    evaluation = evaluate(EvaluateOptions(
        dataset=town, models=[pair / 'rgb', pair / 'seg'], map_split='val_map',
        query_split='val_query', rerank=['sift', 'orb', 'sift'], cache=tmp_path,
        bootstrap=Bootstrap(resamples=20)))
    assert [result.name for result in evaluation.results] == ['rgb', 'seg', 'rgb+sift', 'rgb+orb']
    assert len(evaluation.knowledge) == 1


def test_a_map_is_reranked_by_the_images_it_was_built_from(
        tiny_dataset: Path, tiny_bundle: Path, tiny_map: Path, tmp_path: Path) -> None:
    options = {'dataset': tiny_dataset, 'models': [tiny_bundle], 'cache': tmp_path,
               'engine': 'onnx', 'bootstrap': Bootstrap(resamples=20), 'rerank': 'sift'}
    by_split, by_map = (evaluate(EvaluateOptions(**options, **more)).results[1]
                        for more in ({}, {'map': tiny_map}))
    np.testing.assert_array_equal(by_map.answers.rows, by_split.answers.rows)
    np.testing.assert_array_equal(by_map.answers.scores, by_split.answers.scores)
