# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command train: what it says of mistakes, and the settings that come with the package."""

from dataclasses import asdict, fields
from pathlib import Path

import pytest
import yaml

from structvpr_ros.cli.train import main
from structvpr_ros.training.stage_one import TrainOptions

CONFIG = Path(__file__).resolve().parents[2] / 'config' / 'train.yaml'


def run(monkeypatch, *arguments) -> int:
    monkeypatch.setattr('sys.argv', ['train', *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


@pytest.mark.parametrize('flags, told', [
    (['--branch', 'depth'], 'branch'), (['--backbone', 'resnet'], 'efficientnet_lite0'),
    (['--aggregator', 'netvlad'], 'gem'), (['--epochs', '0'], 'epochs of at least 1'),
    (['--input_size', '[8,8]'], 'input_size'), (['--colour', 'blue'], 'colour'),
    (['--proximity.positive_radius', '-1'], 'positive_radius'), ([], 'places.csv')])
def test_a_mistake_is_one_line(monkeypatch, capsys, tmp_path, flags, told):
    assert run(monkeypatch, '--dataset', tmp_path, '--output', tmp_path / 'out', *flags) == 2
    line = capsys.readouterr().err
    assert line.startswith('train: error: ') and line.count('\n') == 1 and told in line
    assert not (tmp_path / 'out').exists()


def test_the_settings_of_the_package_are_those_of_the_code():
    settings = yaml.safe_load(CONFIG.read_text())
    required = {'dataset', 'output', 'slme'}
    assert set(settings) == {known.name for known in fields(TrainOptions)} - required
    coded = asdict(TrainOptions(dataset='somewhere', output='elsewhere'))
    for name, value in settings.items():
        expected = coded[name]
        assert value == (list(expected) if isinstance(expected, tuple) else expected), name


def test_the_settings_of_the_package_are_read(monkeypatch, capsys, tmp_path):
    assert run(monkeypatch, '--config', CONFIG, '--dataset', tmp_path, '--output', tmp_path) == 2
    assert 'places.csv' in capsys.readouterr().err
