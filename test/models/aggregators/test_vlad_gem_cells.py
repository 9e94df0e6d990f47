# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""VLAD, GeM and cells as one: what a similarity is made of."""

import numpy as np
import pytest
import torch

from structvpr_ros.models.aggregators.vlad_gem_cells import VladGemCellsAggregator


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@torch.no_grad()
def test_a_similarity_is_the_shared_mean_of_three(create, draw_maps):
    aggregator, maps = create(VladGemCellsAggregator), draw_maps(5, 2)
    parts = [_unit(whitening(part).double().numpy()) for whitening, part in zip(
        aggregator.whitenings,
        (aggregator.vlad(maps[0]), aggregator.gem(maps), aggregator.cells(maps[1])))]
    layout = aggregator.layout_share(maps[1])[:, 0].double().numpy()
    assert layout.std() > 0.01
    shares = 0.6 * (1 - layout), 0.4 * (1 - layout), layout
    expected = sum(np.sqrt(np.outer(share, share)) * (part @ part.T)
                   for share, part in zip(shares, parts))
    descriptors = aggregator(maps).double().numpy()
    np.testing.assert_allclose(descriptors @ descriptors.T, expected, atol=1e-5)


@torch.no_grad()
def test_light_is_forgotten_by_vlad_alone(create, draw_maps):
    aggregator, maps = create(VladGemCellsAggregator), draw_maps(4, 3)
    brighter = [2 * features for features in maps]
    # Not quite, for the variance within an image has a floor.
    torch.testing.assert_close(aggregator.vlad(brighter[0]), aggregator.vlad(maps[0]),
                               atol=0.05, rtol=0)
    tinted = [maps[0] + torch.rand(maps[0].shape[1])[:, None, None], maps[1]]
    assert (aggregator.gem(tinted) - aggregator.gem(maps)).abs().max() > 0.05


@torch.no_grad()
@pytest.mark.parametrize('tap', [0, 1])
def test_each_tap_counts(create, draw_maps, tap):
    aggregator, maps = create(VladGemCellsAggregator), draw_maps(4, 4)
    other = [*maps]
    other[tap] = draw_maps(4, 5)[tap]
    assert (aggregator(other) - aggregator(maps)).abs().max() > 0.01
