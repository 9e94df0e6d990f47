# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Both stages of training in two processes, as torchrun starts them."""

import os
import subprocess
import sys

import pytest
import torch

from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.processes import is_first, layout


def test_without_torchrun_the_flag_counts(monkeypatch):
    monkeypatch.delenv('TORCHELASTIC_RUN_ID', raising=False)
    assert layout(2) == {'devices': 2} and layout('auto') == {'devices': 'auto'}
    assert is_first()


def test_under_torchrun_its_word_counts(monkeypatch):
    for name, value in (('TORCHELASTIC_RUN_ID', 'x'), ('LOCAL_WORLD_SIZE', '4'),
                        ('WORLD_SIZE', '12')):
        monkeypatch.setenv(name, value)
    assert layout('auto') == {'devices': 4, 'num_nodes': 3}


def torchrun(command: str, *arguments: str) -> str:
    """Run a command in two processes; return what they said."""
    done = subprocess.run(
        [sys.executable, '-m', 'torch.distributed.run', '--standalone', '--nproc_per_node', '2',
         '-m', f'structvpr_ros.cli.{command}', '--accelerator', 'cpu', '--epochs', '2',
         '--tuples', '8', '--batch', '2', *arguments],
        env={**os.environ, 'OMP_NUM_THREADS': '1'}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=500)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.slow
def test_two_processes_train_and_distil(town, tmp_path):
    arguments = ('--dataset', str(town), '--output', str(tmp_path), '--input_size', '[32, 40]',
                 '--weights', 'none', '--backbone', 'mobilenet_v2')
    said = torchrun('train', *arguments)
    for branch in ('seg', 'rgb'):
        card = ModelCard.load(tmp_path / branch)
        assert load_branch(tmp_path / branch).descriptor_size == card.descriptor_size
        assert card.scores.keys() >= {'R@1', 'R@5'}
        assert said.count(f'{branch} is the model bundle') == 1
        # They share the 8 tuples of an epoch, 2 in a step of each: 2 steps, not 4.
        last = torch.load(tmp_path / branch / 'checkpoints' / 'last.ckpt', weights_only=True)
        assert (last['epoch'], last['global_step']) == (1, 4)
    assert said.count('epoch 2/2: loss') == 2
    before = ModelCard.load(tmp_path / 'rgb').fingerprint
    torchrun('train', *arguments, '--branch', 'rgb')
    assert ModelCard.load(tmp_path / 'rgb').fingerprint == before
    torchrun('distill', '--dataset', str(town), '--teacher', str(tmp_path / 'seg'), '--student',
             str(tmp_path / 'rgb'), '--output', str(tmp_path / 'distilled'))
    assert ModelCard.load(tmp_path / 'distilled').fingerprint != before
