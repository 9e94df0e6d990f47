# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The ablation as a user runs it, on the tiny town: brief, but all of it."""

import json
import logging
import re

import pytest

from structvpr_ros.cli.evaluate import main
from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.models.card import ModelCard
from structvpr_ros.segmentation.cache import SlmeCache

SETTINGS = ['none', 'all', 'weighted+strength=2']


@pytest.fixture
def ablate(town, tmp_path, monkeypatch, capsys):
    def run(*flags):
        monkeypatch.setattr('sys.argv', [
            'evaluate', 'ablation', '--dataset', str(town), '--output', str(tmp_path / 'out'),
            '--input_size', '[32,40]', '--backbone', 'mobilenet_v2', '--epochs', '1',
            '--weights', 'none', '--map_split', 'val_map', '--query_split', 'val_query',
            '--teacher_epochs', '2', '--distill_epochs', '3', '--strength', '3',
            '--tuples', '8', '--batch', '4',
            '--accelerator', 'cpu', '--devices', '1', *flags])
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
    assert ModelCard.load(tmp_path / 'out/seed_1/all').training['epochs'] == 3
    strengths = [ModelCard.load(tmp_path / 'out/seed_1' / name).training['strength']
                 for name in SETTINGS]
    assert strengths == [3, 3, 2]
    bundle = tmp_path / 'out/seed_0/none/model.yaml'
    before = bundle.read_text()
    with caplog.at_level(logging.INFO):
        assert ablate(*flags)[0] == 0
    assert 'epoch 1/' not in caplog.text
    assert bundle.read_text() == before
    assert json.loads((tmp_path / 'out/ablation.json').read_text()) == stored


@pytest.fixture
def classes(town, tmp_path):
    """Give a cache of the town in which each group is two classes, left and right."""
    clustered = SlmeCache.open(town / 'slme')
    names = tuple(f'{side} {group}' for side in ('left', 'right') for group in clustered.groups)
    cache = SlmeCache(tmp_path / 'classes', 'made up', '1', names, clustered.size)
    for image in read_place_dataset(town).images:
        groups = clustered.read(image).copy()
        groups[:, 20:] += 6
        write_image(cache.group_path(image), groups)
    cache.write_description()
    return cache.folder


def test_encodings_have_a_teacher_each(ablate, classes, tmp_path):
    settings = ['level+encoding=clustered', 'weighted+encoding=one_hot']
    code, told = ablate('--seeds', '1', '--settings', json.dumps(settings),
                        '--classes', str(classes), '--teacher_epochs', '1')
    assert code == 0, told.err
    teachers = ['seg', 'seg+encoding=clustered', 'seg+encoding=one_hot']
    lines = [line.split('|')[1].strip() for line in told.out.splitlines() if '|' in line]
    assert lines[2:8] == [*teachers, 'rgb', *settings]
    [found] = json.loads((tmp_path / 'out/ablation.json').read_text())['seeds']
    assert set(found['recalls']) == {row['system'] for row in found['scores']}
    clustered, one_hot, own = (ModelCard.load(tmp_path / 'out/seed_0' / folder)
                               for folder in ('clustered/seg', 'one_hot/seg', 'seg'))
    assert (clustered.weights, one_hot.weights) == ((1.0,) * 6, (1.0,) * 12)
    assert (clustered.groups, one_hot.channels) == (own.groups, 12)
    for setting, teacher in zip(settings, (clustered, one_hot)):
        student = ModelCard.load(tmp_path / 'out/seed_0' / setting)
        assert student.training['teacher'] == teacher.fingerprint


def test_without_a_cache_of_classes_it_ends_at_once(ablate):
    code, told = ablate('--settings', '["weighted+encoding=one_hot"]')
    assert code == 2 and 'training' not in told.err
    assert 'slme_classes: expected an SLME cache' in told.err.strip().splitlines()[-1]


@pytest.mark.parametrize('flags, complaint', [
    (['--settings', '[none, d7]'], 'expected a setting'),
    (['--settings', '[all]', '--strength', '-1'], 'expected .*strength'),
    (['--settings', '[all+rank_threshold=0]'], 'expected .*rank_threshold')])
def test_a_mistake_is_one_line_before_all_work(ablate, tmp_path, flags, complaint):
    code, told = ablate(*flags)
    assert code == 2
    assert re.match(f'evaluate ablation: error: {complaint}', told.err.strip().splitlines()[-1])
    assert not (tmp_path / 'out/seed_0/seg').exists()
