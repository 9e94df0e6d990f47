# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Going on behind the frozen blocks: the rest of a network, and data that it reads."""

from dataclasses import replace
import logging
from pathlib import Path

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
        self._stages = nn.Sequential(sample_input, *branch.backbone.blocks[:count])

    def forward(self, samples: Tensor) -> Tensor:
        """Turn stored samples into what the last of the blocks gives."""
        return self._stages(samples)


class _Rest(nn.Module):
    """A branch behind its first blocks."""

    def __init__(self, branch: Branch, count: int) -> None:
        super().__init__()
        self._branch = branch
        self._count = count

    def forward(self, features: Tensor) -> Tensor:
        """Turn what the last of the first blocks gave into descriptors (N, D)."""
        return self._branch.aggregator(
            self._branch.backbone.resume(features.float(), self._count))


def skip_frozen(network: nn.Sequential, data: TrainingData, options: FitOptions,
                folder: Path) -> tuple[nn.Module, TrainingData]:
    """
    Let the frozen blocks look at all that the training will see, and train on what they saw.

    :param network: the input of a branch, and the branch.
    :param folder: gets the feature maps, which can be large: a float16 for each value.
    :return: the network behind the frozen blocks, and the data for it; both as they are if
        ``options.frozen_views`` is 0.
    :raises ConfigurationError: the aggregator uses maps of the frozen blocks.
    """
    if not options.frozen_views:
        return network, data
    sample_input, branch = network
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    trunk = _Trunk(sample_input, branch, options.frozen_blocks).to(device)
    rest = _Rest(branch, options.frozen_blocks).to(device)
    # Whether the branch can go on there is better known before all is looked at.
    rest(trunk(torch.from_numpy(data.samples.stack([0, 1])).to(device)))
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
