# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Evaluation of real bundles on a real, if tiny, data set."""

import json
from pathlib import Path
import shutil

import pytest

from structvpr_ros.cli import evaluate as command
from structvpr_ros.errors import ConfigurationError, DatasetError, ModelError
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions


def test_scores_follow_the_descriptors(tiny_dataset: Path, tiny_bundle: Path,
                                       tmp_path: Path) -> None:
    shutil.copytree(tiny_bundle, tmp_path / 'copy')
    scores = evaluate(EvaluateOptions(
        dataset=tiny_dataset, models=[tiny_bundle, tmp_path / 'copy'],
        output=tmp_path / 'scores.json'))
    assert [(row.model, row.condition, row.queries) for row in scores] == [
        ('rgb', 'night', 6), ('copy', 'night', 6)]
    assert scores[0].recall == scores[1].recall
    assert scores[0].recall[10] == 1
    stored = json.loads((tmp_path / 'scores.json').read_text())
    assert stored[1]['recall'] == {str(depth): value for depth, value in scores[1].recall.items()}


def test_an_image_is_no_answer_to_itself(tiny_dataset: Path,
                                         tiny_bundle: Path) -> None:
    with pytest.raises(DatasetError, match='none of 6 queries'):
        evaluate(EvaluateOptions(dataset=tiny_dataset, models=[tiny_bundle],
                                 query_split='test_map'))


@pytest.mark.parametrize('models', [[], ['a/rgb', 'b/rgb']])
def test_models_need_names_that_tell_them_apart(models: list) -> None:
    with pytest.raises(ConfigurationError, match='different names'):
        EvaluateOptions(dataset=Path('x'), models=models)


def test_missing_bundle(tiny_dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match='gone'):
        evaluate(EvaluateOptions(dataset=tiny_dataset, models=[tmp_path / 'gone']))


def test_command_prints_the_table(tiny_dataset: Path, tiny_bundle: Path, monkeypatch,
                                  capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr('sys.argv', [
        'evaluate', '--dataset', str(tiny_dataset), '--models', f'[{tiny_bundle}]'])
    with pytest.raises(SystemExit) as exit_:
        command.main()
    assert exit_.value.code == 0
    assert capsys.readouterr().out.startswith('| condition | queries | rgb R@1/5/10')
