# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The loss of stage two against slow loops, and which images it reaches."""

import numpy as np
import pytest
import torch

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.inference.describe import describe, describing_network
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


def _open(town, trained, strength=1.0):
    """Return a module that teaches random directions, and all that it is made of."""
    options = DistillOptions(dataset=town, output=town / 'nowhere', teacher=trained / 'seg',
                             student=trained / 'rgb', strength=strength)
    card = ModelCard.load(trained / 'rgb')
    data = open_training_data(card, read_place_dataset(town), options)
    branch = load_branch(trained / 'rgb')
    network = describing_network(card, branch)
    origin = describe(network, data.samples, np.arange(len(data.table))).mean(axis=0)
    teacher = _unit(len(data.table), card.descriptor_size).numpy()
    weights = np.random.default_rng(0).uniform(0, 2, len(data.table))
    return Distillation(network, branch, data, options, teacher, origin, weights,
                        strength), data, teacher, origin, weights


def test_queries_are_distilled_under_their_weight(town, trained):
    module, _, teacher, origin, weights = _open(town, trained, 3.0)
    rows = np.array([[3, 10, 20, 21], [7, 2, 0, 1]])
    descriptors = _unit(8, teacher.shape[1], seed=2).requires_grad_()
    losses = module.losses({'rows': torch.from_numpy(rows)}, descriptors)
    away = descriptors.detach().numpy()[::4] - origin
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    expected = 3.0 * np.mean([weights[query] * ((student - teacher[query]) ** 2).sum()
                              for student, query in zip(away, rows[:, 0])])
    assert losses['distillation'].item() == pytest.approx(expected, rel=1e-5)
    losses['distillation'].backward()
    reached = descriptors.grad.abs().sum(dim=1) > 0
    assert reached.tolist() == [True, False, False, False] * 2


def test_the_student_learns_what_it_is_taught(town, trained):
    module, data, *_ = _open(town, trained)
    rows = np.array([[3, 10, 20, 21], [7, 2, 0, 1]])
    samples = torch.from_numpy(data.samples.stack(rows.ravel()))
    optimizer = torch.optim.Adam(module.parameters(), 1e-3)
    losses = []
    for _ in range(30):
        loss = module.losses({'rows': torch.from_numpy(rows)}, module(samples))['distillation']
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]
