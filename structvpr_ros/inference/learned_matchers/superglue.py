# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
SuperGlue, with the weights that its authors publish for research.

Sarlin, DeTone, Malisiewicz, Rabinovich, SuperGlue: Learning Feature Matching with Graph Neural
Networks, CVPR 2020. Written from the paper; layers are named as in superglue_outdoor.pth.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.inference.learned_matchers.checkpoint import fill, read_checkpoint
from structvpr_ros.inference.learned_matchers.superpoint import ScoredFeatures
from structvpr_ros.inference.learned_matchers.transport import transport
from structvpr_ros.inference.local_features.features import FRAME_SIZE
from structvpr_ros.inference.local_features.matcher import Matches

_CHANNELS, _HEADS, _ROUNDS = 256, 4, 9
_ENCODER = (3, 32, 64, 128, 256)
# As the authors have it: steps of the transport, and the mass that makes a match.
_ITERATIONS, _LEAST_MASS = 100, 0.2


class SuperGlueNetwork(nn.Module):
    """From the features of two images to the logarithm of a partial assignment."""

    def __init__(self) -> None:
        """Make the layers, with random weights."""
        super().__init__()
        self.kenc = nn.ModuleDict({'encoder': _perceptron(*_ENCODER, _CHANNELS)})
        self.gnn = nn.ModuleDict({'layers': nn.ModuleList(
            _Propagation() for _ in range(2 * _ROUNDS))})
        self.final_proj = nn.Conv1d(_CHANNELS, _CHANNELS, 1)
        self.bin_score = nn.Parameter(torch.tensor(1.0))

    def forward(self, one: tuple[Tensor, Tensor, Tensor],
                other: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """
        Match two images; (M + 1, N + 1), as ``transport`` has it.

        :param one: points (M, 2) in pixels of ``FRAME_SIZE``, scores (M,), descriptors
            (M, 256); M of at least 1.
        :param other: likewise, N.
        """
        here, there = self._encode(*one), self._encode(*other)
        for number, layer in enumerate(self.gnn['layers']):
            # In turn: what the own image says, and what the other one does.
            across = number % 2 == 1
            here, there = (here + layer(here, there if across else here),
                           there + layer(there, here if across else there))
        here, there = self.final_proj(here)[0], self.final_proj(there)[0]
        return transport(here.T @ there / _CHANNELS ** 0.5, self.bin_score, _ITERATIONS)

    def _encode(self, points: Tensor, scores: Tensor, descriptors: Tensor) -> Tensor:
        size = torch.tensor(FRAME_SIZE[::-1])
        places = (points - size / 2) / (0.7 * size.max())
        seen = torch.cat([places, scores[:, None]], 1)
        return descriptors.T[None] + self.kenc['encoder'](seen.T[None])


class _Propagation(nn.Module):
    """Tells every point what a set of points has to say to it."""

    def __init__(self) -> None:
        super().__init__()
        self.attn = nn.ModuleDict({
            'merge': nn.Conv1d(_CHANNELS, _CHANNELS, 1),
            'proj': nn.ModuleList(nn.Conv1d(_CHANNELS, _CHANNELS, 1) for _ in range(3))})
        self.mlp = _perceptron(2 * _CHANNELS, 2 * _CHANNELS, _CHANNELS)

    def forward(self, points: Tensor, source: Tensor) -> Tensor:
        inputs = zip(self.attn['proj'], (points, source, source))
        # Of the channels, the head is the faster index; attention wants (1, head, point, channel).
        query, key, value = (layer(each).unflatten(1, (-1, _HEADS)).permute(0, 2, 3, 1)
                             for layer, each in inputs)
        heard = functional.scaled_dot_product_attention(query, key, value)
        message = self.attn['merge'](heard.permute(0, 3, 1, 2).flatten(1, 2))
        return self.mlp(torch.cat([points, message], 1))


class SuperGlueMatcher:
    """Matches features of SuperPoint by SuperGlue; see ``matcher.Matcher``."""

    def __init__(self, weights: Path) -> None:
        """
        Load the network.

        :param weights: superglue_outdoor.pth or superglue_indoor.pth.
        :raises ModelError: the file is missing or holds something else.
        """
        self._network = SuperGlueNetwork()
        fill(self._network, read_checkpoint(weights), weights, 'SuperGlue')

    def match(self, one: ScoredFeatures, other: ScoredFeatures) -> Matches:
        """Match the features of two images; see ``matcher.Matcher``."""
        if not len(one) or not len(other):
            return np.empty(0, np.intp), np.empty(0, np.intp)
        with torch.inference_mode():
            mass = self._network(_tensors(one), _tensors(other))[:-1, :-1].exp().numpy()
        best = mass.argmax(1)
        rows = np.flatnonzero(mass.max(1) > _LEAST_MASS)
        rows = rows[mass.argmax(0)[best[rows]] == rows]
        return rows, best[rows]


def _tensors(features: ScoredFeatures) -> tuple[Tensor, Tensor, Tensor]:
    return tuple(map(torch.from_numpy, (features.points, features.scores, features.descriptors)))


def _perceptron(*channels: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for width, following in zip(channels, channels[1:]):
        layers += [nn.Conv1d(width, following, 1), nn.BatchNorm1d(following), nn.ReLU()]
    # The last layer's output is neither normalised nor cut off.
    return nn.Sequential(*layers[:-2])
