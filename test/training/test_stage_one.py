# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Stage one on a tiny data set: bundles, determinism, resume, refusals."""

import csv
import os
from pathlib import Path
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch

from structvpr_ros.data.folder import read_place_dataset, write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.errors import ConfigurationError, DatasetError, SegmentationError
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard
from structvpr_ros.segmentation.groups import DEFAULT_WEIGHTS, GROUPS
from structvpr_ros.training.stage_one import train, TrainOptions

SIZE = (32, 40)
NETWORK = {'input_size': SIZE, 'weights': 'none', 'backbone': 'mobilenet_v2'}


def _train(dataset, output, brief, **changes):
    return train(TrainOptions(dataset=dataset, output=output, **{**NETWORK, **brief, **changes}))


def test_both_branches_become_bundles(trained):
    seg, rgb = ModelCard.load(trained / 'seg'), ModelCard.load(trained / 'rgb')
    assert (seg.branch, seg.channels, seg.groups) == ('seg', 6, GROUPS)
    assert seg.weights == tuple(DEFAULT_WEIGHTS[group] for group in GROUPS)
    assert (rgb.branch, rgb.channels) == ('rgb', 3)
    assert seg.descriptor_size == rgb.descriptor_size == 448
    assert seg.input_size == rgb.input_size == SIZE
    assert rgb.scores.keys() == {'R@1', 'R@5', 'R@10', 'R@20'}
    with torch.no_grad():
        lengths = load_branch(trained / 'seg')(torch.rand(2, 6, *SIZE)).norm(dim=1)
    torch.testing.assert_close(lengths, torch.ones(2))


def test_logs_are_written(trained):
    [metrics] = (trained / 'rgb' / 'logs' / 'csv').glob('*/metrics.csv')
    with metrics.open() as file:
        rows = list(csv.DictReader(file))
    assert len([row for row in rows if row['R@1']]) == 2
    assert list((trained / 'rgb' / 'logs' / 'tensorboard').rglob('events.out.tfevents.*'))


def test_the_last_epoch_is_kept_whichever_is_best(trained):
    for branch in ('seg', 'rgb'):
        last = torch.load(trained / branch / 'checkpoints' / 'last.ckpt', weights_only=True)
        assert last['epoch'] == 1


def test_training_changes_the_weights_but_for_the_frozen_blocks(town, tmp_path, brief):
    def blocks(epochs, frozen):
        output = tmp_path / f'{epochs}{frozen}'
        [folder] = _train(town, output, brief, branch='rgb', epochs=epochs,
                          frozen_blocks=frozen, learning_rate=1e-9 if epochs == 1 else 1e-2)
        return load_branch(folder).backbone.blocks

    start, end = blocks(1, 3), blocks(2, 3)
    for position, (one, other) in enumerate(zip(start, end)):
        pairs = list(zip(one.parameters(), other.parameters()))
        same = all(torch.allclose(a, b, atol=1e-6) for a, b in pairs)
        assert same == (position < 3), position


def test_the_teacher_keeps_no_block_as_it_was(town, tmp_path, brief):
    [frozen], [free] = (_train(town, tmp_path / str(count), brief, branch='seg',
                               frozen_blocks=count) for count in (3, 0))
    assert ModelCard.load(frozen).fingerprint == ModelCard.load(free).fingerprint


def test_batch_norm_of_imagenet_stays_where_images_are_seen(town, tmp_path, brief):
    def means(network):
        return [norm.running_mean for norm in network.modules()
                if isinstance(norm, torch.nn.BatchNorm2d)]

    def statistics(branch, weights):
        [folder] = _train(town, tmp_path / weights / branch, brief, branch=branch, epochs=1,
                          weights=weights, backbone='efficientnet_lite0')
        return means(load_branch(folder))

    start = means(Branch('efficientnet_lite0', 'gem', 3, 'imagenet'))
    assert len(start) > 10
    for kept, mean in zip(statistics('rgb', 'imagenet'), start):
        torch.testing.assert_close(kept, mean)
    assert all(mean.any() for mean in statistics('rgb', 'none'))  # zeros at the start
    seg = statistics('seg', 'imagenet')
    assert not any(torch.allclose(found, mean) for found, mean in zip(seg[1:], start[1:]))


def test_one_seed_one_network(town, tmp_path, brief, trained):
    again = _train(town, tmp_path, brief, branch='seg')
    other = _train(town, tmp_path / 'other', brief, branch='seg', seed=1)
    fingerprints = [ModelCard.load(folder).fingerprint
                    for folder in (trained / 'seg', *again, *other)]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_workers_do_not_change_the_result(town, tmp_path, brief, trained):
    [folder] = _train(town, tmp_path, brief, branch='rgb', workers=2)
    assert ModelCard.load(folder).fingerprint == ModelCard.load(trained / 'rgb').fingerprint


def test_a_finished_training_is_found_finished(town, tmp_path, brief, trained):
    shutil.copytree(trained, tmp_path / 'copy')
    checkpoint = tmp_path / 'copy' / 'rgb' / 'checkpoints' / 'last.ckpt'
    before = checkpoint.stat().st_mtime_ns
    _train(town, tmp_path / 'copy', brief, branch='rgb')
    assert checkpoint.stat().st_mtime_ns == before
    assert (ModelCard.load(tmp_path / 'copy' / 'rgb').fingerprint
            == ModelCard.load(trained / 'rgb').fingerprint)


def test_another_option_is_no_continuation(town, tmp_path, brief, trained):
    shutil.copytree(trained, tmp_path / 'copy')
    with pytest.raises(ConfigurationError, match='with margin 0.1, not 0.7'):
        _train(town, tmp_path / 'copy', brief, branch='rgb', margin=0.7)
    _train(town, tmp_path / 'copy', brief, branch='rgb', margin=0.7, resume=False)


def test_other_data_is_no_continuation(town, tmp_path, brief, trained):
    shutil.copytree(trained, tmp_path / 'copy')
    shutil.copytree(town, tmp_path / town.name)
    table = read_place_dataset(tmp_path / town.name)
    write_place_dataset(table.take(np.arange(len(table) - 1)))
    with pytest.raises(ConfigurationError, match='not'):
        _train(tmp_path / town.name, tmp_path / 'copy', brief, branch='rgb')


@pytest.mark.slow
def test_killed_and_called_again_it_ends_as_without_the_kill(town, tmp_path, brief):
    schedule = {**brief, 'epochs': 4, 'branch': 'seg'}
    [whole] = _train(town, tmp_path / 'whole', schedule)
    code = (
        'from pathlib import Path\n'
        'from structvpr_ros.training.stage_one import train, TrainOptions\n'
        f'train(TrainOptions(dataset=Path({str(town)!r}), '
        f'output=Path({str(tmp_path / "killed")!r}), **{({**NETWORK, **schedule})!r}))\n')
    environment = {**os.environ, 'PYTHONPATH': str(Path(__file__).parents[2])}
    process = subprocess.Popen([sys.executable, '-c', code], env=environment)
    last = tmp_path / 'killed' / 'seg' / 'checkpoints' / 'last.ckpt'
    try:
        for _ in range(1200):
            if last.is_file() or process.poll() is not None:
                break
            time.sleep(0.1)
        assert last.is_file()
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (tmp_path / 'killed' / 'seg' / 'model.yaml').exists(), 'killed too late'
    reached = torch.load(last, weights_only=True)['epoch']
    assert reached < 3
    [resumed] = _train(town, tmp_path / 'killed', schedule)
    assert ModelCard.load(resumed).fingerprint == ModelCard.load(whole).fingerprint


def test_without_validation_splits_the_last_epoch_is_taken(town, tmp_path, brief):
    shutil.copytree(town, tmp_path / 'data')
    write_place_dataset(read_place_dataset(tmp_path / 'data').select('train'))
    [folder] = _train(tmp_path / 'data', tmp_path / 'out', brief, branch='rgb')
    assert ModelCard.load(folder).scores == {}
    states = [torch.load(folder / 'checkpoints' / name, weights_only=True)['epoch']
              for name in ('best.ckpt', 'last.ckpt')]
    assert states == [1, 1]


@pytest.mark.parametrize('changes, message', [
    ({'backbone': 'resnet'}, 'resnet'), ({'aggregator': 'netvlad'}, 'netvlad'),
    ({'input_size': (16, 40)}, 'input_size'), ({'epochs': 0}, 'epochs of at least 1, found 0'),
    ({'batch': 0}, 'batch'), ({'margin': -1.0}, 'margin'), ({'learning_rate': 0.0}, 'learning'),
    ({'frozen_blocks': -1}, 'frozen_blocks'),
    ({'frozen_blocks': 99, 'branch': 'rgb'}, 'frozen_blocks'),
    ({'group_weights': {'sky': 1.0}}, 'group_weights')])
def test_options_that_cannot_work_are_refused(town, tmp_path, brief, changes, message):
    with pytest.raises(ConfigurationError, match=message):
        _train(town, tmp_path, {**brief, 'branch': 'seg'}, **changes)
    assert not list(tmp_path.iterdir())


def test_data_that_cannot_be_trained_on_is_refused(town, tmp_path, brief):
    with pytest.raises(SegmentationError, match='expected an SLME cache'):
        _train(town, tmp_path / 'a', brief, branch='seg', slme=tmp_path)
    shutil.copytree(town, tmp_path / 'data')
    write_place_dataset(read_place_dataset(tmp_path / 'data').select('val_query'))
    with pytest.raises(DatasetError, match="no image of split 'train'"):
        _train(tmp_path / 'data', tmp_path / 'a', brief, branch='rgb')


def test_a_public_layout_is_trained_on_as_it_was_downloaded(tmp_path, brief):
    random = np.random.default_rng(2)
    (tmp_path / 'gsv' / 'Dataframes').mkdir(parents=True)
    lines = ['place_id,year,month,northdeg,city_id,lat,lon,panoid']
    for place in range(6):
        for year in (2015, 2019):
            name = f'Oslo_{place:07}_{year}_06_090_59.9_10.7_p{place}.jpg'
            write_image(tmp_path / 'gsv' / 'Images' / 'Oslo' / name,
                        random.integers(0, 256, (*SIZE, 3), np.uint8))
            lines.append(f'{place},{year},6,90,Oslo,59.9,10.7,p{place}')
    (tmp_path / 'gsv' / 'Dataframes' / 'Oslo.csv').write_text('\n'.join(lines) + '\n')
    [folder] = _train(tmp_path / 'gsv', tmp_path / 'out', brief, branch='rgb')
    assert ModelCard.load(folder).training['dataset'] == 'gsv'
    with pytest.raises(DatasetError, match='train_val: expected folders of cities'):
        _train(tmp_path / 'gsv', tmp_path / 'other', brief, branch='rgb', layout='msls')
