# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Backbones: mobile CNNs whose features are tapped at three depths, and their registry."""

from dataclasses import dataclass
from typing import AbstractSet, Callable, Iterable, Mapping, Sequence

from torch import nn, Tensor
from torchvision.models import mobilenet_v2

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.models.efficientnet_lite import efficientnet_lite0_blocks, rename_published


class Backbone(nn.Module):
    """
    A chain of blocks, of which some give a feature map to the outside.

    :param blocks: the chain; the first is the stem, and the first convolution in it takes the
        input's channels.
    :param taps: the channels of the feature map that a block gives, by the block's position.
    """

    def __init__(self, blocks: Sequence[nn.Module], taps: Mapping[int, int]) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(blocks)
        self._taps = dict(taps)

    @property
    def tap_channels(self) -> tuple[int, ...]:
        """Channels of the feature maps, in the order in which ``forward`` gives them."""
        return tuple(self._taps.values())

    def forward(self, images: Tensor) -> list[Tensor]:
        """
        Compute the feature maps of a batch.

        :param images: float (N, C, H, W), normalised.
        :return: one (N, channels, h, w) for each tap, from shallow to deep.
        """
        return self.resume([images], 0)

    def beginning(self, position: int) -> 'Beginning':
        """Return the blocks before a position, which share their weights with these."""
        return Beginning(self.blocks[:position], [tap for tap in self._taps if tap < position])

    def resume(self, begun: Sequence[Tensor], position: int) -> list[Tensor]:
        """
        Compute the feature maps from what ``beginning(position)`` gave, as ``forward`` would.

        :param position: of the first block to compute.
        """
        *maps, features = begun
        if position - 1 in self._taps:
            maps.append(features)
        ahead = {tap - position for tap in self._taps}
        return maps + _run(self.blocks[position:], features, ahead)

    def keep_taps(self, positions: Sequence[int]) -> None:
        """Give only some of the feature maps, by position; drop the blocks behind the last."""
        taps = list(self._taps.items())
        self._taps = dict(taps[position] for position in positions)
        self.blocks = self.blocks[:max(self._taps) + 1]

    def adapt_input(self, channels: int) -> None:
        """
        Make the first convolution take another number of channels than the three of RGB.

        Its new filters are the mean of the RGB filters scaled by 3 / channels, which keeps the
        size of what comes out.
        """
        stem = self.blocks[0]
        name, old = next((name, module) for name, module in stem.named_modules()
                         if isinstance(module, nn.Conv2d))
        new = type(old)(channels, old.out_channels, old.kernel_size, old.stride, old.padding,
                        bias=False)
        mean = old.weight.detach().mean(dim=1, keepdim=True)
        new.weight.data = (mean * (3 / channels)).repeat(1, channels, 1, 1)
        stem.set_submodule(name, new)


class Beginning(nn.Module):
    """
    The first blocks of a backbone, which can go on from what they gave.

    :param blocks: the chain.
    :param taps: positions in it whose feature maps the backbone gives.
    """

    def __init__(self, blocks: Sequence[nn.Module], taps: Sequence[int]) -> None:
        super().__init__()
        self._blocks = nn.ModuleList(blocks)
        self._given = {*taps, len(self._blocks) - 1}

    def forward(self, images: Tensor) -> list[Tensor]:
        """Compute the feature maps of the taps and that of the last block, each once."""
        return _run(self._blocks, images, self._given)


def _run(blocks: Iterable[nn.Module], features: Tensor, taps: AbstractSet[int]) -> list[Tensor]:
    """Run one block after the other, and return what those at the positions ``taps`` gave."""
    maps = []
    for position, block in enumerate(blocks):
        features = block(features)
        if position in taps:
            maps.append(features)
    return maps


@dataclass(frozen=True)
class BackboneKind:
    """
    One entry of the registry.

    :param create: builds the backbone for RGB, with random weights.
    :param rename: turns a published state dict of the whole classifier into the backbone's.
    :param mean: per channel, of values in 0..1, as in the published training.
    :param std: likewise.
    """

    create: Callable[[], Backbone]
    rename: Callable[[Mapping[str, Tensor]], dict[str, Tensor]]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


def backbone_kind(name: str) -> BackboneKind:
    """
    Return an entry of the registry.

    :raises ConfigurationError: there is no such backbone; the message lists them.
    """
    if name not in BACKBONES:
        raise ConfigurationError(
            f'expected a backbone of {", ".join(BACKBONES)}, found {name!r}')
    return BACKBONES[name]


def _mobilenet_v2() -> Backbone:
    # The last of torchvision's features only widens the 320 channels for the classifier.
    return Backbone(mobilenet_v2(weights=None).features[:-1], {6: 32, 13: 96, 17: 320})


def _rename_mobilenet_v2(published: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.replace('features.', 'blocks.', 1): value for name, value in published.items()
            if name.startswith('features.') and not name.startswith('features.18.')}


def _efficientnet_lite0() -> Backbone:
    # The same strides as the taps of MobileNetV2: 8, 16 and 32.
    return Backbone(efficientnet_lite0_blocks(), {5: 40, 11: 112, 16: 320})


BACKBONES = {
    'mobilenet_v2': BackboneKind(
        _mobilenet_v2, _rename_mobilenet_v2,
        mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)),
    'efficientnet_lite0': BackboneKind(
        _efficientnet_lite0, rename_published,
        mean=(127 / 255,) * 3, std=(128 / 255,) * 3),
}
