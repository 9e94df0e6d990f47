# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Aggregators: GeM against numpy, unit length, order or no order."""

import numpy as np
import pytest
import torch

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.models.aggregators import AGGREGATORS, create_aggregator, GeM

CHANNELS = (4, 6)


def _maps(count=3):
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(count, CHANNELS[0], 8, 10, generator=generator),
            torch.randn(count, CHANNELS[1], 4, 5, generator=generator)]


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
    aggregator = create_aggregator(name, CHANNELS).eval()
    descriptors = aggregator(_maps())
    assert descriptors.shape == (3, aggregator.descriptor_size)
    torch.testing.assert_close(descriptors.norm(dim=1), torch.ones(3))


@pytest.mark.parametrize('name', AGGREGATORS)
def test_an_image_is_described_alike_alone_and_in_a_batch(name):
    aggregator = create_aggregator(name, CHANNELS).eval()
    together = aggregator(_maps())
    alone = torch.cat([aggregator([features[i:i + 1] for features in _maps()])
                       for i in range(3)])
    torch.testing.assert_close(alone, together)


@pytest.mark.parametrize('name', AGGREGATORS)
def test_all_weights_are_learned(name):
    aggregator = create_aggregator(name, CHANNELS)
    (aggregator(_maps())[0] @ torch.randn(aggregator.descriptor_size)).backward()
    for weight in aggregator.parameters():
        assert weight.grad is not None and torch.isfinite(weight.grad).all()


def test_an_unknown_aggregator_is_answered_with_the_known():
    with pytest.raises(ConfigurationError, match='gem.*netvlad'):
        create_aggregator('netvlad', CHANNELS)
