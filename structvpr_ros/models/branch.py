# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A branch: backbone and aggregator, from a normalised input to descriptors of unit length."""

from torch import nn, Tensor

from structvpr_ros.models.aggregators.registry import aggregator_kind
from structvpr_ros.models.backbones import backbone_kind
from structvpr_ros.models.pretrained import load_pretrained


class Branch(nn.Module):
    """
    The network of one branch; SEG and RGB differ in the channels of their input only.

    :param backbone: a key of ``backbones.BACKBONES``.
    :param aggregator: a key of ``aggregators.registry.AGGREGATORS``.
    :param channels: C of the input.
    :param pretrained: what the backbone starts from, see ``pretrained.load_pretrained``; an
        input of other than three channels is adapted from the weights for RGB.
    :raises ConfigurationError: unknown names.
    :raises ModelError: the weights cannot be had or do not fit.
    """

    def __init__(self, backbone: str, aggregator: str, channels: int,
                 pretrained: str = 'none') -> None:
        super().__init__()
        kind = aggregator_kind(aggregator)
        self.backbone = backbone_kind(backbone).create()
        load_pretrained(self.backbone, backbone, pretrained)
        if channels != 3:
            self.backbone.adapt_input(channels)
        self.backbone.keep_taps(kind.taps)
        self.aggregator = kind(self.backbone.tap_channels)

    @property
    def descriptor_size(self) -> int:
        """Length D of the descriptors."""
        return self.aggregator.descriptor_size

    def forward(self, images: Tensor) -> Tensor:
        """
        Describe a batch.

        :param images: float (N, C, H, W), normalised by the card's mean and std.
        :return: float (N, D), each row of unit length.
        """
        return self.aggregator(self.backbone(images))
