# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""VLAD, GeM and cells side by side: for another viewpoint the two, for another season the last."""

from typing import Sequence

import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.models.aggregators.aggregator import FittedAggregator
from structvpr_ros.models.aggregators.cells import Cells
from structvpr_ros.models.aggregators.gem import GemAggregator
from structvpr_ros.models.aggregators.layout_share import LayoutShare, LEAST
from structvpr_ros.models.aggregators.principal import Whitening
from structvpr_ros.models.aggregators.vlad import Vlad

# C' and K of VLAD (ours): more kinds of details than channels that tell them.
_LOCAL_SIZE, _CENTRES = 64, 128


class VladGemCellsAggregator(FittedAggregator):
    """
    One part of the descriptor tells what there is, the other where it stands (ours).

    What there is, is told by VLAD, which forgets how an image looks as a whole, and by GeM, which
    knows little else: colours and textures. Both do not mind that things move in the image, and
    so hold when the viewpoint changes; VLAD, which looks at the details of the shallower tap, most
    of all. Where things stand remains when leaves and light do not. Each image tells how much its
    layout counts. The third of the backbone that lies behind the second tap is spared.

    :param channels: of the taps.
    """

    taps = (0, 1)
    # Of VLAD, GeM and the cells (ours).
    _sizes = (192, 128, 192)
    descriptor_size = sum(_sizes)

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        shallowest, deepest = channels[0], channels[-1]
        self.vlad = Vlad(shallowest, min(_LOCAL_SIZE, shallowest), _CENTRES)
        self.gem, self.cells = GemAggregator(channels), Cells(deepest)
        self.layout_share = LayoutShare(deepest, most=1 - LEAST)
        self.whitenings = nn.ModuleList(
            Whitening(part_size, size) for part_size, size in zip(
                (self.vlad.size, self.gem.descriptor_size, self.cells.size), self._sizes))

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Aggregate one (N, C_i, h_i, w_i) for each tap to (N, D) of unit length."""
        vlad, gem, cells = (functional.normalize(whitening(part)) for whitening, part in zip(
            self.whitenings, self._parts(maps)))
        layout = self.layout_share(maps[-1])
        # What there is counts by the dimensions that tell it, which are of equal variance.
        content = (1 - layout) / sum(self._sizes[:2])
        shares = content * self._sizes[0], content * self._sizes[1], layout
        # Of unit length, but where a whole part is zero: the shares sum up to 1.
        return functional.normalize(torch.cat(
            [share.sqrt() * part for share, part in zip(shares, (vlad, gem, cells))], dim=1))

    def _parts(self, maps: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        return self.vlad(maps[0]), self.gem(maps), self.cells(maps[-1])

    @torch.no_grad()
    def fit_to(self, maps: Sequence[Tensor]) -> None:
        """Start from k-means, principal components and whitening of (N, C_i, h_i, w_i) each."""
        self.vlad.fit_to(maps[0])
        for part in (self.cells, self.layout_share):
            part.fit_to(maps[-1])
        for whitening, part in zip(self.whitenings, self._parts(maps)):
            whitening.fit_to(part)
