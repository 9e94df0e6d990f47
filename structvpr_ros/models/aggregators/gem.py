# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""GeM: the plain baseline, orderless."""

from typing import Sequence

import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.models.aggregators.aggregator import Aggregator


class GeM(nn.Module):
    """
    Generalised-mean pooling over the positions of a feature map, with a learned power.

    ``(mean of x^p)^(1/p)``: the mean for p = 1, towards the maximum as p grows. Radenovic, Tolias
    and Chum, Fine-tuning CNN image retrieval with no human annotation, PAMI 2019, equation 3.

    :param power: where p starts.
    :param floor: what values are clamped to before the power, for its gradient is infinite or
        undefined at zero and below.
    """

    def __init__(self, power: float = 3.0, floor: float = 1e-6) -> None:
        super().__init__()
        self.power = nn.Parameter(torch.tensor([power]))
        self._floor = floor

    def forward(self, features: Tensor) -> Tensor:
        """Pool (N, C, h, w) to (N, C), all values positive."""
        # x^p; runtimes compute exponential and logarithm many at a time, but powers one by one.
        powered = (self.power * features.clamp(min=self._floor).log()).exp()
        return powered.mean(dim=(2, 3)).pow(1 / self.power)


class GemAggregator(Aggregator):
    """
    GeM of each depth, each of unit length, concatenated.

    It is orderless: where things stand in the image is forgotten.

    :param channels: of the taps.
    """

    taps = (0, 1, 2)

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        self.pools = nn.ModuleList(GeM() for _ in channels)
        self.descriptor_size = sum(channels)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Aggregate one (N, C_i, h_i, w_i) for each tap to (N, D) of unit length."""
        pooled = [functional.normalize(pool(features))
                  for pool, features in zip(self.pools, maps)]
        return functional.normalize(torch.cat(pooled, dim=1))
