# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Aggregators: feature maps of several depths to one descriptor of unit length; the registry."""

from typing import ClassVar, Sequence

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


class Aggregator(nn.Module):
    """
    What all aggregators have in common.

    :cvar taps: which of the backbone's taps it takes, 0 being the shallowest.
    :ivar descriptor_size: length D of the descriptors.
    """

    taps: ClassVar[tuple[int, ...]]
    descriptor_size: int

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Aggregate one (N, C_i, h_i, w_i) for each tap to (N, D) of unit length."""
        raise NotImplementedError


class GemAggregator(Aggregator):
    """
    The plain baseline: GeM of each depth, each of unit length, concatenated.

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


class CellAggregator(Aggregator):
    """
    Keeps the layout: means over a coarse grid of cells, then a learned projection (ours).

    A thing that moves within its cell changes nothing; what it means that one crosses into the
    next is learned by the projection, which starts as one that keeps distances on average.
    Only the middle tap is used: it is the best single one in this role, and the third of the
    backbone that lies behind it is spared.

    :param channels: of the taps.
    """

    taps = (1,)
    grid = (4, 5)
    descriptor_size = 512

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        rows, columns = self.grid
        self.projection = nn.Linear(channels[0] * rows * columns, self.descriptor_size, bias=False)
        nn.init.orthogonal_(self.projection.weight)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Aggregate one (N, C, h, w) to (N, D) of unit length."""
        [features] = maps
        down, across = (_cell_weights(int(size), cells).to(features)
                        for size, cells in zip(features.shape[2:], self.grid))
        cells = down @ features @ across.T
        return functional.normalize(self.projection(cells.flatten(1)))


def _cell_weights(size: int, cells: int) -> Tensor:
    """Return (cells, size): the share of each of ``size`` pixels in the mean of each cell."""
    pixels, borders = torch.arange(size), torch.arange(cells + 1) * size / cells
    upper = torch.minimum(pixels + 1, borders[1:, None])
    overlaps = (upper - torch.maximum(pixels, borders[:-1, None])).clamp(min=0)
    return overlaps * cells / size


AGGREGATORS: dict[str, type[Aggregator]] = {'gem': GemAggregator, 'cells': CellAggregator}


def aggregator_kind(name: str) -> type[Aggregator]:
    """
    Return an entry of the registry, which is built with the channels of its taps.

    :raises ConfigurationError: there is no such aggregator; the message lists them.
    """
    if name not in AGGREGATORS:
        raise ConfigurationError(
            f'expected an aggregator of {", ".join(AGGREGATORS)}, found {name!r}')
    return AGGREGATORS[name]
