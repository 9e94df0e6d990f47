# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How much the layout of an image should count, as told by the image."""

import math

import torch
from torch import nn, Tensor

# The share of every image before training (ours): between what seasons and what viewpoints want.
START = 1 / 3
# The least share, so that the root of a share always has a gradient. It is small, for there are
# images whose layout only misleads (docs/student.md).
LEAST = 0.02
# How much faster than other layers this one learns: it has one output, and far to go.
PACE = 10.0


class LayoutShare(nn.Module):
    """
    The share of the layout in the similarity of an image with itself (ours).

    From a vehicle on its road the layout stays when leaves and light go; for who walks through
    rooms it changes with each step. Which of both an image is shows in what there is in it: a
    logistic function of the mean of each channel, which the retrieval loss trains.

    :param channels: C of the feature map.
    :param most: the largest share, above ``START`` and at most 1 - ``LEAST``.
    """

    def __init__(self, channels: int, most: float) -> None:
        super().__init__()
        self.register_buffer('most', torch.tensor(most))
        self.register_buffer('mean', torch.zeros(channels))
        self.register_buffer('scale', torch.ones(channels))
        self.logit = nn.Linear(channels, 1)
        nn.init.zeros_(self.logit.weight)
        start = (START - LEAST) / (most - LEAST)
        nn.init.constant_(self.logit.bias, math.log(start / (1 - start)) / PACE)

    def forward(self, features: Tensor) -> Tensor:
        """Look at (N, C, h, w), and return the shares (N, 1), from ``LEAST`` to ``most``."""
        means = (features.mean(dim=(2, 3)) - self.mean) * self.scale
        return LEAST + (self.most - LEAST) * torch.sigmoid(PACE * self.logit(means))

    @torch.no_grad()
    def fit_to(self, features: Tensor) -> None:
        """Learn what is usual from (N, C, h, w); the shares stay as they are at the start."""
        means = features.mean(dim=(2, 3))
        self.mean.copy_(means.mean(dim=0))
        spreads = means.std(dim=0, correction=0)
        # A channel that never varies says nothing, and must not be divided by nothing.
        self.scale.copy_(torch.where(spreads > 0, 1 / spreads, 0))
