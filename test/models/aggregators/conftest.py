# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the aggregators that are made of parts are tested with."""

import pytest
import torch

CHANNELS, SIZES = (12, 70), ((12, 16), (6, 8))


@pytest.fixture
def draw_maps():
    """Give a function of count and seed that draws random feature maps of two taps."""
    def draw_maps(count, seed):
        generator = torch.Generator().manual_seed(seed)
        return [torch.rand(count, channels, *size, generator=generator)
                for channels, size in zip(CHANNELS, SIZES)]
    return draw_maps


@pytest.fixture
def create(draw_maps):
    """Give a function that fits an aggregator of a kind; its shares of the layout differ."""
    def create(kind):
        torch.manual_seed(0)
        aggregator = kind(CHANNELS).eval()
        aggregator.fit_to(draw_maps(60, 1))
        torch.nn.init.normal_(aggregator.layout_share.logit.weight, std=0.02)
        return aggregator
    return create
