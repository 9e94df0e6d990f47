# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The loss of stage two against slow loops, and which images it reaches."""

import numpy as np
import pytest
import torch

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.inference.describe import describing_network
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.distillation import Distillation, distillation_loss
from structvpr_ros.training.stage_two import DistillOptions
from structvpr_ros.training.training_data import open_training_data


def _unit(rows, columns=5, seed=0):
    values = np.random.default_rng(seed).normal(size=(rows, columns))
    return torch.from_numpy(values / np.linalg.norm(values, axis=1, keepdims=True)).float()


def test_the_loss_against_a_loop():
    student, teacher, weights = _unit(6), _unit(6, seed=1), torch.tensor([0, 0.5, 1, 2, 0, 1])
    expected = np.mean([float(w) * sum((float(a) - float(b)) ** 2 for a, b in zip(s, t))
                        for s, t, w in zip(student, teacher, weights)])
    assert float(distillation_loss(student, teacher, weights)) == pytest.approx(expected)


def test_the_loss_is_zero_for_equals_and_at_most_four():
    one = _unit(4)
    assert float(distillation_loss(one, one, torch.ones(4))) == 0
    assert float(distillation_loss(one, -one, torch.ones(4))) == pytest.approx(4)


def test_queries_are_distilled_under_their_weight(town, trained):
    options = DistillOptions(dataset=town, output=town / 'nowhere', teacher=trained / 'seg',
                             student=trained / 'rgb', strength=3.0)
    card = ModelCard.load(trained / 'rgb')
    data = open_training_data(card, read_place_dataset(town), options)
    teacher = _unit(len(data.table), card.descriptor_size).numpy()
    weights = np.random.default_rng(0).uniform(0, 2, len(data.table))
    branch = load_branch(trained / 'rgb')
    origin = 0.1 * _unit(1, card.descriptor_size, seed=3).numpy()[0]
    module = Distillation(describing_network(card, branch), branch, data, options, teacher,
                          origin, weights, options.strength)
    rows = np.array([[3, 10, 20, 21], [7, 2, 0, 1]])
    descriptors = _unit(8, card.descriptor_size, seed=2).requires_grad_()
    losses = module.losses({'rows': torch.from_numpy(rows)}, descriptors)
    away = descriptors.detach().numpy()[::4] - origin
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    expected = 3.0 * np.mean([weights[query] * ((student - teacher[query]) ** 2).sum()
                              for student, query in zip(away, rows[:, 0])])
    assert losses['distillation'].item() == pytest.approx(expected, rel=1e-5)
    losses['distillation'].backward()
    reached = descriptors.grad.abs().sum(dim=1) > 0
    assert reached.tolist() == [True, False, False, False] * 2
