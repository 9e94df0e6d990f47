# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What all aggregators have in common."""

from typing import ClassVar, Sequence

from torch import nn, Tensor


class Aggregator(nn.Module):
    """
    Turns feature maps of several depths into one descriptor.

    :cvar taps: which of the backbone's taps it takes, 0 being the shallowest.
    :ivar descriptor_size: length D of the descriptors.
    """

    taps: ClassVar[tuple[int, ...]]
    descriptor_size: int

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Aggregate one (N, C_i, h_i, w_i) for each tap to (N, D) of unit length."""
        raise NotImplementedError


class FittedAggregator(Aggregator):
    """An aggregator whose training starts from the statistics of feature maps."""

    def fit_to(self, maps: Sequence[Tensor]) -> None:
        """
        Set the weights from typical feature maps.

        :param maps: one (N, C_i, h_i, w_i) for each tap, of many images.
        :raises ModelError: they are too few.
        """
        raise NotImplementedError
