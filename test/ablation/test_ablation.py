# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The ablation as a user runs it, on the tiny town: brief, but all of it."""

import json
import logging

import pytest

from structvpr_ros.cli.evaluate import main
from structvpr_ros.models.card import ModelCard

SETTINGS = ['none', 'all', 'weighted+strength=2']


@pytest.fixture
def ablate(town, tmp_path, monkeypatch, capsys):
    def run(*flags):
        monkeypatch.setattr('sys.argv', [
            'evaluate', 'ablation', '--dataset', str(town), '--output', str(tmp_path / 'out'),
            '--input_size', '[32,40]', '--backbone', 'mobilenet_v2', '--epochs', '1',
            '--weights', 'none', '--map_split', 'val_map', '--query_split', 'val_query',
            '--teacher_epochs', '2', '--tuples', '8', '--batch', '4', '--accelerator', 'cpu',
            '--devices', '1', *flags])
        with pytest.raises(SystemExit) as exit_:
            main()
        return exit_.value.code, capsys.readouterr()
    return run


def test_an_ablation_is_told_kept_and_resumed(ablate, tmp_path, caplog):
    flags = ('--seeds', '2', '--settings', json.dumps(SETTINGS))
    code, told = ablate(*flags)
    assert code == 0, told.err
    lines = [line.split('|')[1].strip() for line in told.out.splitlines() if '|' in line]
    assert {'seg', 'rgb', *SETTINGS, 'all >= none'} <= set(lines)
    stored = json.loads((tmp_path / 'out/ablation.json').read_text())
    assert [seed['seed'] for seed in stored['seeds']] == [0, 1]
    assert set(stored['seeds'][0]['recalls']) == {'seg', 'rgb', *SETTINGS}
    assert (tmp_path / 'out/ablation.png').exists()
    assert (tmp_path / 'out/seed_1/weighted+strength=2/model.yaml').exists()
    assert ModelCard.load(tmp_path / 'out/seed_1/seg').training['epochs'] == 2
    assert ModelCard.load(tmp_path / 'out/seed_1/rgb').training['epochs'] == 1
    bundle = tmp_path / 'out/seed_0/none/model.yaml'
    before = bundle.read_text()
    with caplog.at_level(logging.INFO):
        assert ablate(*flags)[0] == 0
    assert 'epoch 1/' not in caplog.text
    assert bundle.read_text() == before
    assert json.loads((tmp_path / 'out/ablation.json').read_text()) == stored


def test_a_mistake_is_one_line(ablate):
    code, told = ablate('--settings', '[none, d7]')
    assert code == 2
    assert told.err.strip().splitlines()[-1].startswith('evaluate ablation: error: expected a set')
