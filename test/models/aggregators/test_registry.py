# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What holds of every aggregator."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from structvpr_ros.errors import ConfigurationError, ModelError
from structvpr_ros.models.aggregators.aggregator import FittedAggregator
from structvpr_ros.models.aggregators.layout_share import START
from structvpr_ros.models.aggregators.registry import aggregator_kind, AGGREGATORS

CHANNELS, SIZES = (4, 80, 6), ((8, 10), (7, 9), (2, 3))
FITTED = [name for name, kind in AGGREGATORS.items() if issubclass(kind, FittedAggregator)]


def _maps(name, count=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    maps = [torch.randn(count, channels, *size, generator=generator)
            for channels, size in zip(CHANNELS, SIZES)]
    return [maps[tap] for tap in aggregator_kind(name).taps]


def _create(name):
    torch.manual_seed(0)
    kind = aggregator_kind(name)
    aggregator = kind([CHANNELS[tap] for tap in kind.taps]).eval()
    if name in FITTED:
        aggregator.fit_to(_maps(name, 100, seed=1))
    return aggregator


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


@pytest.mark.parametrize('name', AGGREGATORS)
def test_a_flat_feature_map_has_a_descriptor(name):
    flat = [torch.zeros_like(features) for features in _maps(name)]
    assert torch.isfinite(_create(name)(flat)).all()


@pytest.mark.parametrize('name', FITTED)
def test_the_start_is_the_same_every_time(name):
    one, other = _create(name), _create(name)
    for weight, same in zip(one.parameters(), other.parameters()):
        torch.testing.assert_close(weight, same)


@pytest.mark.parametrize('name', FITTED)
def test_too_few_features_to_start_from_are_told(name):
    kind = aggregator_kind(name)
    least = {'vlad_gem_cells': 128, 'vlads_gem_cells': 48}[name]
    with pytest.raises(ModelError, match=f'expected at least {least} local features.*found 42'):
        kind([80, 80]).fit_to(2 * [torch.randn(1, 80, 6, 7)])


def test_an_unknown_aggregator_is_answered_with_the_known():
    with pytest.raises(ConfigurationError, match='gem.*fisher'):
        aggregator_kind('fisher')


def test_only_gem_forgets_the_layout():
    mirrored = {}
    for name in AGGREGATORS:
        one, other = (_create(name)([features.flip(3) if flip else features
                                     for features in _maps(name)]) for flip in (False, True))
        mirrored[name] = functional.cosine_similarity(one, other).mean().item()
    assert mirrored['gem'] > 0.999
    # Alike in what there is, not in where it stands: no more than the share of the former is left.
    for name in FITTED:
        np.testing.assert_allclose(mirrored[name], 1 - START, atol=0.2)
