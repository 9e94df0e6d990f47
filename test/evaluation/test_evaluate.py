# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Evaluation of real bundles on a real, if tiny, data set."""

import json
from pathlib import Path
import shutil

import numpy as np
import pytest

from structvpr_ros.cli import evaluate as command
from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.errors import ConfigurationError, DatasetError, MapError, ModelError
from structvpr_ros.evaluation.bootstrap import Bootstrap
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions
from structvpr_ros.evaluation.results import Evaluation
from structvpr_ros.inference.describe import describe_table

BRIEF = Bootstrap(resamples=20)


@pytest.fixture
def run(tiny_dataset: Path, tmp_path: Path):
    def run_(**options) -> Evaluation:
        return evaluate(EvaluateOptions(**{
            'dataset': tiny_dataset, 'cache': tmp_path / 'cache', 'bootstrap': BRIEF, **options}))
    return run_


def write_peer(tiny_dataset: Path, bundle: Path, folder: Path, scale: float = 1.0) -> str:
    table = read_place_dataset(tiny_dataset)
    for split, name in (('test_query', 'queries'), ('test_map', 'map')):
        np.save(folder / f'{name}.npy', scale * describe_table(
            bundle, table.select(split), folder).astype(np.float64))
    return f'peer={folder / "queries.npy"},{folder / "map.npy"}'


def test_models_and_a_peer_of_the_same_descriptors_score_the_same(
        run, tiny_dataset: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_bundle, tmp_path / 'copy')
    evaluation = run(models=[tiny_bundle, tmp_path / 'copy'],
                     descriptors=write_peer(tiny_dataset, tiny_bundle, tmp_path, 7.5),
                     output=tmp_path / 'out')
    scores = evaluation.scores
    assert [(row.system, row.condition, row.queries, row.answerable) for row in scores] == [
        ('rgb', 'night', 6, 6), ('copy', 'night', 6, 6), ('peer', 'night', 6, 6)]
    assert scores[0].measures == scores[1].measures
    for name, estimate in scores[0].measures.items():
        assert scores[2].measures[name].value == pytest.approx(estimate.value)
    assert scores[0].measures['R@10'].value == 1
    assert all(result.search_time > 0 for result in evaluation.results)
    stored = json.loads((tmp_path / 'out' / 'scores.json').read_text())
    assert (stored['dataset'], stored['queries'], stored['database']) == ('tiny_dataset', 6, 6)
    assert stored['systems'][2] == {'name': 'peer', 'descriptor_size': 448,
                                    'search_time': evaluation.results[2].search_time}
    assert stored['scores'][1]['measures']['AP']['value'] == scores[1].measures['AP'].value
    assert stored['knowledge'] == []
    assert (tmp_path / 'out' / 'report.html').read_text().startswith('<!DOCTYPE html>')


def test_a_map_is_searched_as_it_is(run, tiny_bundle: Path, tiny_map: Path) -> None:
    # Its images are those of the split, its descriptors those of ONNX Runtime.
    by_split = run(models=[tiny_bundle], engine='onnx').results[0]
    by_map = run(models=[tiny_bundle], engine='onnx', map=tiny_map, map_split='none').results[0]
    np.testing.assert_array_equal(by_map.answers.rows, by_split.answers.rows)
    np.testing.assert_allclose(by_map.answers.scores, by_split.answers.scores, atol=1e-5)
    assert by_map.scores == by_split.scores


def test_a_peer_beside_a_map_has_a_row_for_each_of_its_frames(
        run, tiny_dataset: Path, tiny_bundle: Path, tiny_map: Path, tmp_path: Path) -> None:
    peer = write_peer(tiny_dataset, tiny_bundle, tmp_path)
    ours, theirs = run(models=[tiny_bundle], map=tiny_map, descriptors=[peer]).results
    np.testing.assert_array_equal(ours.answers.rows, theirs.answers.rows)
    np.save(tmp_path / 'map.npy', np.ones((5, 448)))
    with pytest.raises(DatasetError, match=r'map.npy: expected an array of floats, \(6, D\)'):
        run(map=tiny_map, descriptors=[peer])


def test_a_map_of_another_model_is_refused(run, pair: Path, tiny_map: Path) -> None:
    with pytest.raises(MapError, match='expected the model that built this map'):
        run(models=[pair / 'rgb'], map=tiny_map)


def test_a_teacher_and_a_student_are_compared(run, pair: Path, town: Path) -> None:
    evaluation = run(dataset=town, models=[pair / 'rgb', pair / 'seg'], map_split='val_map',
                     query_split='val_query')
    assert [row.condition for row in evaluation.results[0].scores] == ['c1', 'c2', 'all']
    compared, = evaluation.knowledge
    assert (compared.teacher, compared.student, compared.pairs) == ('seg', 'rgb', 8)
    assert sum(compared.shares[name] for name in ('d1', 'd2', 'd3', 'd4')) == pytest.approx(1)


def test_an_image_is_no_answer_to_itself(run, tiny_bundle: Path) -> None:
    with pytest.raises(DatasetError, match='none of 6 queries'):
        run(models=[tiny_bundle], query_split='test_map')


@pytest.mark.parametrize('options', [
    {}, {'models': ['a/rgb', 'b/rgb']}, {'models': ['a/rgb'], 'descriptors': 'rgb=a.npy,b.npy'}])
def test_systems_need_names_that_tell_them_apart(options: dict) -> None:
    with pytest.raises(ConfigurationError, match='different names'):
        EvaluateOptions(dataset=Path('x'), **options)


def test_missing_bundle(run, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match='gone'):
        run(models=[tmp_path / 'gone'])


def call(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr('sys.argv', ['evaluate', *arguments])
    with pytest.raises(SystemExit) as exit_:
        command.main()
    return exit_.value.code


def test_command_prints_the_tables(tiny_dataset: Path, tiny_bundle: Path, tmp_path: Path,
                                   monkeypatch, capsys: pytest.CaptureFixture) -> None:
    dataset = shutil.copytree(tiny_dataset, tmp_path / 'data')
    peer = write_peer(tiny_dataset, tiny_bundle, tmp_path)
    assert call(['--dataset', str(dataset), '--models', f'[{tiny_bundle}]', '--descriptors', peer,
                 '--bootstrap.resamples', '20'], monkeypatch) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [cell.strip() for cell in lines[0].split('|')[1:-1]] == [
        'condition', 'system', 'queries', 'R@1 [95%]', 'R@5', 'R@10', 'R@20', 'AP', 'R@100P',
        'R@99P']
    assert [line.split('|')[2].strip() for line in lines[2:4]] == ['rgb', 'peer']
    assert lines[-1].startswith('| peer   | 448        | ')
    assert len(list((dataset / 'descriptors').iterdir())) == 2


def test_command_refuses_in_one_line(tiny_dataset: Path, monkeypatch,
                                     capsys: pytest.CaptureFixture) -> None:
    assert call(['--dataset', str(tiny_dataset), '--descriptors', 'peer'], monkeypatch) == 2
    error = capsys.readouterr().err.splitlines()
    assert len(error) == 1 and 'NAME=QUERIES.npy,MAP.npy' in error[0]


def test_a_public_layout_brings_its_own_rule(run, tiny_bundle: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    for side, count in (('query', 3), ('ref', 4)):
        for row in range(count):
            write_image(tmp_path / 'bench' / side / f'{row}.png',
                        random.integers(0, 256, (48, 64, 3), np.uint8))
    (tmp_path / 'bench' / 'ground_truth.json').write_text('{"0": [0, 1], "1": [2], "2": []}')
    evaluation = run(dataset=tmp_path / 'bench', models=[tiny_bundle], output=tmp_path / 'out')
    score, = evaluation.scores
    assert (score.condition, score.queries, score.answerable) == ('all', 3, 2)
    assert 'Right is what the data set lists as such' in (
        tmp_path / 'out' / 'report.html').read_text()
    for season in ('summer', 'winter'):
        for row in range(12):
            write_image(tmp_path / 'line' / season / f'{row:02}.png',
                        random.integers(0, 256, (48, 64, 3), np.uint8))
    loose, strict = (run(dataset=tmp_path / 'line', models=[tiny_bundle], proximity=proximity)
                     for proximity in (None, Proximity(5, 5)))
    assert len(loose.trial.relations.positives[0]) == 11
    assert len(strict.trial.relations.positives[0]) == 1
