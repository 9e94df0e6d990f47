# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Aggregators: GeM against numpy, unit length, order or no order."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.models.aggregators import aggregator_kind, AGGREGATORS, CellAggregator, GeM

CHANNELS, SIZES = (4, 30, 6), ((8, 10), (7, 9), (2, 3))


def _create(name):
    torch.manual_seed(0)
    kind = aggregator_kind(name)
    return kind([CHANNELS[tap] for tap in kind.taps]).eval()


def _maps(name, count=3):
    generator = torch.Generator().manual_seed(0)
    maps = [torch.randn(count, channels, *size, generator=generator)
            for channels, size in zip(CHANNELS, SIZES)]
    return [maps[tap] for tap in aggregator_kind(name).taps]


@pytest.mark.parametrize('power', [1.0, 3.0, 4.5])
def test_gem_by_its_formula(power):
    features = torch.rand(2, 3, 4, 5)
    expected = (features.numpy().astype(float) ** power).mean((2, 3)) ** (1 / power)
    np.testing.assert_allclose(GeM(power)(features).detach(), expected, rtol=1e-4)


def test_gem_of_negative_features_is_finite_and_so_is_its_gradient():
    pool, features = GeM(), -torch.rand(1, 2, 3, 3)
    features.requires_grad_()
    pool(features).sum().backward()
    assert torch.isfinite(pool.power.grad).all() and torch.isfinite(features.grad).all()


@pytest.mark.parametrize('name', AGGREGATORS)
def test_descriptors_have_unit_length_and_the_size_told(name):
    aggregator = _create(name)
    descriptors = aggregator(_maps(name))
    assert descriptors.shape == (3, aggregator.descriptor_size)
    torch.testing.assert_close(descriptors.norm(dim=1), torch.ones(3))


@pytest.mark.parametrize('name', AGGREGATORS)
def test_an_image_is_described_alike_alone_and_in_a_batch(name):
    aggregator = _create(name)
    together = aggregator(_maps(name))
    alone = torch.cat([aggregator([features[i:i + 1] for features in _maps(name)])
                       for i in range(3)])
    torch.testing.assert_close(alone, together)


@pytest.mark.parametrize('name', AGGREGATORS)
def test_all_weights_are_learned(name):
    aggregator = _create(name)
    (aggregator(_maps(name))[0] @ torch.randn(aggregator.descriptor_size)).backward()
    for weight in aggregator.parameters():
        assert weight.grad is not None and torch.isfinite(weight.grad).all()


def test_an_unknown_aggregator_is_answered_with_the_known():
    with pytest.raises(ConfigurationError, match='gem.*netvlad'):
        aggregator_kind('netvlad')


@pytest.mark.parametrize('size', [(4, 5), (8, 10), (7, 9), (15, 20), (2, 3), (1, 1)])
def test_cells_are_means_over_equal_areas(size):
    aggregator, features = CellAggregator([30]), torch.rand(1, 30, *size)
    aggregator.projection = torch.nn.Identity()
    found = aggregator([features]).reshape(30, 4, 5)
    fine = features[0].repeat_interleave(4, dim=1).repeat_interleave(5, dim=2)
    means = fine.reshape(30, 4, size[0], 5, size[1]).mean(dim=(2, 4))
    torch.testing.assert_close(found, means / means.norm())


def test_cells_keep_the_layout_and_gem_does_not():
    mirrored = {}
    for name in ('gem', 'cells'):
        one, other = (_create(name)([features.flip(3) if flip else features
                                     for features in _maps(name)]) for flip in (False, True))
        mirrored[name] = functional.cosine_similarity(one, other).mean().item()
    assert mirrored['gem'] > 0.999 > 0.5 > mirrored['cells']


def test_the_projection_starts_by_keeping_distances():
    aggregator = CellAggregator([112])
    inputs = torch.nn.functional.normalize(torch.randn(40, aggregator.projection.in_features))
    kept = torch.pdist(aggregator.projection(inputs)) / torch.pdist(inputs)
    assert (kept / kept.mean() - 1).abs().max() < 0.25
