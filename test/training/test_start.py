# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where an aggregator starts, and a whole training from there."""

import numpy as np
import torch

from structvpr_ros.inference.describe import describing_network
from structvpr_ros.inference.samples import Samples
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.stage_one import train, TrainOptions
from structvpr_ros.training.start import start_aggregator

SIZE = (64, 80)


def _network(aggregator):
    torch.manual_seed(0)
    card = ModelCard(branch='rgb', backbone='mobilenet_v2', aggregator=aggregator, channels=3,
                     input_size=SIZE, descriptor_size=0, mean=(0.5,) * 3, std=(0.5,) * 3)
    return describing_network(card, Branch('mobilenet_v2', aggregator, 3))


def _weights(network):
    return {name: weight.clone() for name, weight in network.named_parameters()}


def test_only_the_aggregator_is_fitted_and_always_alike():
    images = np.random.default_rng(0).integers(0, 256, (12, *SIZE, 3), np.uint8)
    samples = Samples(images.__getitem__, len(images))
    network = _network('vlad_gem_cells')
    before = _weights(network)
    start_aggregator(network, samples, len(images), 3)
    after = _weights(network)
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    # The powers of GeM and the weights of the layout's share start where they always do.
    assert changed == {name for name in before if name.startswith(tuple(
        f'1.aggregator.{part}.' for part in ('vlad', 'cells', 'whitenings')))}
    assert network[1].training
    again = _network('vlad_gem_cells')
    start_aggregator(again, samples, len(images), 3)
    for name, weight in _weights(again).items():
        torch.testing.assert_close(weight, after[name])


def test_an_aggregator_that_needs_no_start_stays_as_it_is():
    network = _network('gem')
    before = _weights(network)
    start_aggregator(network, None, 0, 0)
    assert all(torch.equal(before[name], weight) for name, weight in _weights(network).items())


def test_a_training_with_it_becomes_a_bundle(town, tmp_path, brief):
    [folder] = train(TrainOptions(
        dataset=town, output=tmp_path, input_size=SIZE, weights='none', branch='seg',
        backbone='mobilenet_v2', aggregator='vlad_gem_cells', **brief))
    assert ModelCard.load(folder).descriptor_size == 512
    lengths = load_branch(folder)(torch.rand(2, 6, *SIZE)).norm(dim=1)
    torch.testing.assert_close(lengths, torch.ones(2))
