# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Aggregators: feature maps of several depths to one descriptor of unit length; the registry."""

from typing import Callable, Sequence

import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.errors import ConfigurationError


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
        powered = features.clamp(min=self._floor).pow(self.power)
        return powered.mean(dim=(2, 3)).pow(1 / self.power)


class GemAggregator(nn.Module):
    """
    The plain baseline: GeM of each depth, each of unit length, concatenated.

    It is orderless: where things stand in the image is forgotten.
    """

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        self.pools = nn.ModuleList(GeM() for _ in channels)
        self.descriptor_size = sum(channels)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Aggregate one (N, C_i, h_i, w_i) for each depth to (N, D) of unit length."""
        pooled = [functional.normalize(pool(features))
                  for pool, features in zip(self.pools, maps)]
        return functional.normalize(torch.cat(pooled, dim=1))


# Each takes the channels of the taps, and tells its ``descriptor_size``.
AGGREGATORS: dict[str, Callable[[Sequence[int]], nn.Module]] = {
    'gem': GemAggregator,
}


def create_aggregator(name: str, channels: Sequence[int]) -> nn.Module:
    """
    Build an aggregator for taps of the given channels.

    :raises ConfigurationError: there is no such aggregator; the message lists them.
    """
    if name not in AGGREGATORS:
        raise ConfigurationError(
            f'expected an aggregator of {", ".join(AGGREGATORS)}, found {name!r}')
    return AGGREGATORS[name](channels)
