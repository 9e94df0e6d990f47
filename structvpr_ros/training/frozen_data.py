# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Going on behind the frozen blocks: the rest of a network, and data that it reads."""

from dataclasses import replace
import logging
from pathlib import Path
from typing import Sequence

import torch
from torch import nn, Tensor

from structvpr_ros.models.branch import Branch
from structvpr_ros.training.augmentations import AUGMENTS
from structvpr_ros.training.frozen_views import Viewing
from structvpr_ros.training.options import FitOptions
from structvpr_ros.training.training_data import TrainingData

_logger = logging.getLogger(__name__)

VIEWS = 'views'  # the folder of the feature maps in a training's output


class _Trunk(nn.Module):
    """The input of a branch and its first blocks."""

    def __init__(self, sample_input: nn.Module, branch: Branch, count: int) -> None:
        super().__init__()
        self._stages = nn.Sequential(sample_input, branch.backbone.beginning(count))

    def maps(self, samples: Tensor) -> list[Tensor]:
        """Turn stored samples (N, ...) into the feature maps that the rest goes on from."""
        return self._stages(samples)

    def forward(self, samples: Tensor) -> Tensor:
        """Turn stored samples (N, ...) into all values of their feature maps, (N, F)."""
        return torch.cat([features.flatten(1) for features in self.maps(samples)], dim=1)


class _Rest(nn.Module):
    """
    A branch behind its first blocks.

    :param shapes: (C_i, h_i, w_i) of the feature maps that the trunk gives.
    """

    def __init__(self, branch: Branch, count: int, shapes: Sequence[torch.Size]) -> None:
        super().__init__()
        self._branch = branch
        self._count = count
        self._shapes = shapes

    def forward(self, values: Tensor) -> Tensor:
        """Turn what the trunk gave, (N, F), into descriptors (N, D)."""
        parts = values.float().split([shape.numel() for shape in self._shapes], dim=1)
        maps = [part.unflatten(1, shape) for part, shape in zip(parts, self._shapes)]
        return self._branch.aggregator(self._branch.backbone.resume(maps, self._count))


def skip_frozen(network: nn.Sequential, data: TrainingData, options: FitOptions,
                folder: Path) -> tuple[nn.Module, TrainingData]:
    """
    Let the frozen blocks look at all that the training will see, and train on what they saw.

    :param network: the input of a branch, and the branch.
    :param folder: gets the feature maps, which can be large: a float16 for each value.
    :return: the network behind the frozen blocks, and the data for it; both as they are if
        ``options.frozen_views`` is 0.
    """
    if not options.frozen_views:
        return network, data
    sample_input, branch = network
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    trunk = _Trunk(sample_input, branch, options.frozen_blocks).to(device)
    with torch.no_grad():
        maps = trunk.maps(torch.from_numpy(data.samples.stack([0])).to(device))
    rest = _Rest(branch, options.frozen_blocks, [one.shape[1:] for one in maps]).to(device)
    viewing = Viewing(trunk, folder, options.seed)
    versions = viewing.see(data.samples, len(data.table), options.frozen_views,
                           AUGMENTS[options.augment], 'train')
    _logger.info('%d frozen blocks have seen %d views of each image', options.frozen_blocks,
                 1 + options.frozen_views)
    validation = data.validation and replace(data.validation, **{
        name: viewing.see(samples, count, 0, AUGMENTS['none'], name) for name, samples, count in (
            ('queries', data.validation.queries, len(data.validation.relations.positives)),
            ('database', data.validation.database, data.validation.database_size))})
    return rest, replace(data, samples=versions, versions=versions, validation=validation)
