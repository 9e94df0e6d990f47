# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""VLAD of two depths, GeM and cells: a layout that counts where nothing else is recognized."""

from typing import Sequence

import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.models.aggregators.aggregator import FittedAggregator
from structvpr_ros.models.aggregators.cells import Cells
from structvpr_ros.models.aggregators.gem import GemAggregator
from structvpr_ros.models.aggregators.layout_share import LayoutShare
from structvpr_ros.models.aggregators.principal import Whitening
from structvpr_ros.models.aggregators.vlad import Vlad

# C' and K of VLAD at each tap, and C' of the cells (ours).
_VLADS = ((32, 48), (48, 64))
_CELL_SIZE = 32
# An image does not tell from where the next one will be taken (docs/student.md).
_MOST = 0.6


class VladsGemCellsAggregator(FittedAggregator):
    """
    What there is, told by VLAD of two depths and GeM as one, and where it stands (ours).

    The parts of things that the deeper VLAD sees last in another light, where the details of the
    shallower one are gone. So what there is holds on a street by day, and the layout is asked for
    where it does not: at night, in open country. ``VladGemCellsAggregator``, whose VLAD sees
    details alone, tells rooms apart better; on streets it learns to trust the layout always.

    :param channels: of the taps.
    """

    taps = (0, 1)
    # Of what there is, and of where it stands (ours).
    _sizes = (320, 192)
    descriptor_size = sum(_sizes)

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        deepest = channels[-1]
        self.vlads = nn.ModuleList(
            Vlad(count, min(reduced, count), centres)
            for count, (reduced, centres) in zip(channels, _VLADS))
        self.gem, self.cells = GemAggregator(channels), Cells(deepest, _CELL_SIZE)
        self.layout_share = LayoutShare(deepest, _MOST)
        content, layout = self._sizes
        self.content_whitening = Whitening(
            sum(vlad.size for vlad in self.vlads) + self.gem.descriptor_size, content)
        self.layout_whitening = Whitening(self.cells.size, layout)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Aggregate one (N, C_i, h_i, w_i) for each tap to (N, D) of unit length."""
        content = functional.normalize(self.content_whitening(self._content(maps)))
        layout = functional.normalize(self.layout_whitening(self.cells(maps[-1])))
        share = self.layout_share(maps[-1])
        # Of unit length, but where a whole part is zero: the shares sum up to 1.
        return functional.normalize(torch.cat(
            [(1 - share).sqrt() * content, share.sqrt() * layout], dim=1))

    def _content(self, maps: Sequence[Tensor]) -> Tensor:
        vlads = (vlad(features) for vlad, features in zip(self.vlads, maps))
        return torch.cat([*vlads, self.gem(maps)], dim=1)

    @torch.no_grad()
    def fit_to(self, maps: Sequence[Tensor]) -> None:
        """Start from k-means, principal components and whitening of (N, C_i, h_i, w_i) each."""
        for vlad, features in zip(self.vlads, maps):
            vlad.fit_to(features)
        for part in (self.cells, self.layout_share):
            part.fit_to(maps[-1])
        self.content_whitening.fit_to(self._content(maps))
        self.layout_whitening.fit_to(self.cells(maps[-1]))
