# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""VLAD and cells side by side: for another viewpoint the one, for another season the other."""

from typing import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from structvpr_ros.models.aggregators.aggregator import FittedAggregator
from structvpr_ros.models.aggregators.cells import Cells
from structvpr_ros.models.aggregators.principal import Whitening
from structvpr_ros.models.aggregators.vlad import Vlad


class VladCellsAggregator(FittedAggregator):
    """
    Half of the descriptor tells what there is, the other half where it stands (ours).

    A similarity is then the weighted mean of two. VLAD does not mind that things move in the
    image, and so holds when the viewpoint changes; the layout remains when leaves and light do
    not. Only the middle tap is used: the third of the backbone that lies behind it is spared.

    :param channels: of the taps.
    """

    taps = (1,)
    descriptor_size = 512
    # Of the layout, against 1 of VLAD (ours). More serves seasons, less serves viewpoints.
    layout_weight = 0.7

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        half = self.descriptor_size // 2
        self.vlad, self.cells = Vlad(channels[0]), Cells(channels[0])
        self.vlad_whitening = Whitening(self.vlad.size, half)
        self.cells_whitening = Whitening(self.cells.size, half)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Aggregate one (N, C, h, w) to (N, D) of unit length."""
        [features] = maps
        what = functional.normalize(self.vlad_whitening(self.vlad(features)))
        where = functional.normalize(self.cells_whitening(self.cells(features)))
        return functional.normalize(torch.cat([what, self.layout_weight * where], dim=1))

    @torch.no_grad()
    def fit_to(self, maps: Sequence[Tensor]) -> None:
        """Start from k-means, principal components and whitening of one (N, C, h, w)."""
        [features] = maps
        for part, whitening in ((self.vlad, self.vlad_whitening),
                                (self.cells, self.cells_whitening)):
            part.fit_to(features)
            whitening.fit_to(part(features))
