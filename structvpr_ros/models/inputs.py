# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From what is stored, 8-bit pixels or group indices, to the normalised input of a branch."""

from typing import Sequence

import torch
from torch import nn, Tensor

from structvpr_ros.models.card import ModelCard


class NormalizedImages(nn.Module):
    """RGB images: scaled to 0..1, then shifted and scaled per channel."""

    def __init__(self, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        scale = 1 / torch.tensor(std).view(3, 1, 1)
        self.register_buffer('_scale', scale / 255, persistent=False)
        self.register_buffer('_shift', -torch.tensor(mean).view(3, 1, 1) * scale, persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """Turn uint8 (N, H, W, 3) into float32 (N, 3, H, W), its memory channels last."""
        # Channels go first before the arithmetic, so that ONNX Runtime works on whole planes.
        return images.permute(0, 3, 1, 2).float() * self._scale + self._shift


class WeightedOneHot(nn.Module):
    """
    Group maps: the batched twin of ``segmentation.slme.weighted_one_hot``.

    :param weights: one per group; void, index 0, is zero in all channels.
    """

    def __init__(self, weights: Sequence[float]) -> None:
        super().__init__()
        table = torch.cat([torch.zeros(1, len(weights)), torch.diag(torch.tensor(weights))])
        self.register_buffer('_table', table, persistent=False)

    def forward(self, groups: Tensor) -> Tensor:
        """Turn uint8 (N, H, W) into float32 (N, C, H, W), its memory channels last."""
        return self._table[groups.int()].permute(0, 3, 1, 2)


def create_input(card: ModelCard) -> nn.Module:
    """Return the input of the branch that a card describes."""
    if card.branch == 'seg':
        return WeightedOneHot(card.weights)
    return NormalizedImages(card.mean, card.std)
