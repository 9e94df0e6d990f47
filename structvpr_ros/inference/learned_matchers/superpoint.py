# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
SuperPoint, with the weights that its authors publish for research.

DeTone, Malisiewicz, Rabinovich, SuperPoint: Self-Supervised Interest Point Detection and
Description, CVPR Workshops 2018. Written from the paper; layers are named as in superpoint_v1.pth.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.data.resize import resize
from structvpr_ros.inference.learned_matchers.checkpoint import fill, read_checkpoint
from structvpr_ros.inference.local_features.features import FRAME_SIZE, LocalFeatures, MOST

_CELL = 8  # pixels of a side, one descriptor each
# Of keypoints, as the authors have it: the least score, and pixels between two, or to the border.
_THRESHOLD, _RADIUS = 0.005, 4
# Layer of the encoder -> channels in and out; those of a pair share a resolution.
_ENCODER = {'conv1a': (1, 64), 'conv1b': (64, 64), 'conv2a': (64, 64), 'conv2b': (64, 64),
            'conv3a': (64, 128), 'conv3b': (128, 128), 'conv4a': (128, 128), 'conv4b': (128, 128)}
_LUMA = (0.299, 0.587, 0.114)  # of red, green and blue, ITU-R BT.601


@dataclass(frozen=True)
class ScoredFeatures(LocalFeatures):
    """
    Local features and how sure the detector is of them.

    :param scores: float32 (N,), 0 to 1.
    """

    scores: NDArray[np.float32]


class SuperPointNetwork(nn.Module):
    """From a grey image to a score of every pixel and a descriptor of every cell of 8 x 8."""

    def __init__(self) -> None:
        """Make the layers, with random weights."""
        super().__init__()
        for name, (channels, width) in _ENCODER.items():
            self.add_module(name, nn.Conv2d(channels, width, 3, padding=1))
        self.convPa = nn.Conv2d(128, 256, 3, padding=1)
        self.convPb = nn.Conv2d(256, _CELL ** 2 + 1, 1)
        self.convDa = nn.Conv2d(128, 256, 3, padding=1)
        self.convDb = nn.Conv2d(256, 256, 1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """
        Look at images.

        :param image: float32 (N, 1, H, W), 0 to 1; both sides are multiples of 8.
        :return: scores (N, 1, H, W) and descriptors (N, 256, H / 8, W / 8) of unit length.
        """
        for name in _ENCODER:
            image = self.get_submodule(name)(image).relu()
            if name.endswith('b') and name != 'conv4b':
                image = functional.max_pool2d(image, 2)
        logits = self.convPb(self.convPa(image).relu())
        # Each pixel of a cell has a logit, and the last is for no keypoint at all.
        scores = functional.pixel_shuffle(logits.softmax(1)[:, :-1], _CELL)
        return scores, functional.normalize(self.convDb(self.convDa(image).relu()))


class SuperPointExtractor:
    """Finds features by SuperPoint; see ``features.Extractor``."""

    def __init__(self, weights: Path) -> None:
        """
        Load the network.

        :param weights: superpoint_v1.pth.
        :raises ModelError: the file is missing or holds something else.
        """
        self._network = SuperPointNetwork()
        fill(self._network, read_checkpoint(weights), weights, 'SuperPoint')

    def extract(self, image: NDArray[np.uint8]) -> ScoredFeatures:
        """Find the features of an RGB image; see ``features.Extractor``."""
        grey = torch.from_numpy(resize(image, FRAME_SIZE) @ np.float32(_LUMA) / np.float32(255))
        with torch.inference_mode():
            heat, descriptors = self._network(grey[None, None])
            scores, index = peaks(heat)[0, 0].flatten().topk(MOST)
            index, scores = index[scores > _THRESHOLD], scores[scores > _THRESHOLD]
            points = torch.stack([index % FRAME_SIZE[1], index // FRAME_SIZE[1]], 1).float()
            return ScoredFeatures(points.numpy(), sample(descriptors, points).numpy(),
                                  scores.numpy())


def peaks(heat: Tensor) -> Tensor:
    """
    Return the heat where it is a peak, of which no two are near each other, and 0 elsewhere.

    :param heat: float32 (N, 1, H, W), not negative.
    """
    window = 2 * _RADIUS + 1
    found = heat == functional.max_pool2d(heat, window, 1, _RADIUS)
    # What is less than a point that is no peak itself may still be one.
    for _ in range(2):
        near = functional.max_pool2d(found.float(), window, 1, _RADIUS) > 0
        rest = heat.masked_fill(near, 0)
        found = found | (rest == functional.max_pool2d(rest, window, 1, _RADIUS)) & ~near
    inside = functional.pad(torch.ones_like(heat[..., _RADIUS:-_RADIUS, _RADIUS:-_RADIUS]),
                            (_RADIUS,) * 4)
    return heat * found * inside


def sample(descriptors: Tensor, points: Tensor) -> Tensor:
    """
    Return the descriptors of points, (N, C) of unit length, between the centres of the cells.

    :param descriptors: float32 (1, C, height, width) of cells.
    :param points: float32 (N, 2), x and y in pixels.
    """
    size = torch.tensor(descriptors.shape[:1:-1]) * _CELL
    grid = (2 * points + 1) / size - 1
    sampled = functional.grid_sample(descriptors, grid[None, None], align_corners=False)
    return functional.normalize(sampled[0, :, 0].T)
