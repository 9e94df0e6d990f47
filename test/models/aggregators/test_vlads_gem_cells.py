# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""VLAD of two depths, GeM and cells as one: what a similarity is made of."""

import numpy as np
import pytest
import torch

from structvpr_ros.models.aggregators.vlads_gem_cells import VladsGemCellsAggregator


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@torch.no_grad()
def test_a_similarity_is_the_shared_mean_of_two(create, draw_maps):
    aggregator, maps = create(VladsGemCellsAggregator), draw_maps(5, 2)
    content = torch.cat([aggregator.vlads[0](maps[0]), aggregator.vlads[1](maps[1]),
                         aggregator.gem(maps)], dim=1)
    parts = [_unit(part.double().numpy()) for part in (
        aggregator.content_whitening(content),
        aggregator.layout_whitening(aggregator.cells(maps[1])))]
    layout = aggregator.layout_share(maps[1])[:, 0].double().numpy()
    assert layout.std() > 0.01
    expected = sum(np.sqrt(np.outer(share, share)) * (part @ part.T)
                   for share, part in zip((1 - layout, layout), parts))
    descriptors = aggregator(maps).double().numpy()
    np.testing.assert_allclose(descriptors @ descriptors.T, expected, atol=1e-5)


@torch.no_grad()
def test_tints_are_forgotten_by_both_vlads(create, draw_maps):
    aggregator, maps = create(VladsGemCellsAggregator), draw_maps(4, 3)
    tinted = [features + torch.rand(features.shape[1])[:, None, None] for features in maps]
    for vlad, plain, changed in zip(aggregator.vlads, maps, tinted):
        torch.testing.assert_close(vlad(changed), vlad(plain), atol=1e-3, rtol=0)
    assert (aggregator.gem(tinted) - aggregator.gem(maps)).abs().max() > 0.05


@torch.no_grad()
@pytest.mark.parametrize('tap', [0, 1])
def test_each_tap_counts(create, draw_maps, tap):
    aggregator, maps = create(VladsGemCellsAggregator), draw_maps(4, 4)
    other = [*maps]
    other[tap] = draw_maps(4, 5)[tap]
    assert (aggregator(other) - aggregator(maps)).abs().max() > 0.01
