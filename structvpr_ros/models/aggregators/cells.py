# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Cells: where things stand in an image, roughly."""

import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.models.aggregators.principal import PrincipalChannels


class Cells(nn.Module):
    """
    Means over a coarse grid of cells, side by side: the layout of the image (ours).

    A thing that moves within its cell changes nothing.

    :param channels: C of the feature map.
    :param reduced: C' of the means.
    :param grid: rows and columns of cells.
    """

    def __init__(self, channels: int, reduced: int = 64, grid: tuple[int, int] = (4, 5)) -> None:
        super().__init__()
        self.reduce = PrincipalChannels(channels, reduced)
        self._grid = grid
        self.size = reduced * grid[0] * grid[1]

    def forward(self, features: Tensor) -> Tensor:
        """Aggregate (N, C, h, w) to (N, C' * rows * columns) of unit length."""
        down, across = (_cell_weights(int(size), cells).to(features)
                        for size, cells in zip(features.shape[2:], self._grid))
        # The mean of reductions is the reduction of the mean, which costs less.
        cells = self.reduce(down @ features @ across.T)
        return functional.normalize(cells.flatten(1))

    def fit_to(self, features: Tensor) -> None:
        """Start from the principal channels of feature maps (N, C, h, w)."""
        self.reduce.fit_to(features)


def _cell_weights(size: int, cells: int) -> Tensor:
    """Return (cells, size): the share of each of ``size`` pixels in the mean of each cell."""
    pixels, borders = torch.arange(size), torch.arange(cells + 1) * size / cells
    upper = torch.minimum(pixels + 1, borders[1:, None])
    overlaps = (upper - torch.maximum(pixels, borders[:-1, None])).clamp(min=0)
    return overlaps * cells / size
