# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The Lightning module of stage one: a branch, mined tuples, the triplet loss."""

import logging
import math
from typing import Any

import lightning
from lightning.pytorch.utilities import rank_zero_only
import numpy as np
import torch
from torch import nn, Tensor
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.describe import describe
from structvpr_ros.models.branch import Branch
from structvpr_ros.training.mining import mine, Mining
from structvpr_ros.training.options import FitOptions
from structvpr_ros.training.retrieval_loss import create_loss
from structvpr_ros.training.training_data import TrainingData
from structvpr_ros.training.tuple_data import Batch, TupleData

_WARM_UP = 0.05  # of all steps
_SCORES = 'scores'

_logger = logging.getLogger(__name__)


class TripletTraining(lightning.LightningModule):
    """
    Train a branch so that positives come nearer than negatives.

    :param network: takes the samples of ``data`` to descriptors.
    :param branch: the part of the network that is trained, in place.
    :param settled: whether batch norm keeps the statistics it has. A batch of look-alikes, as
        mining makes them, has others than the images that are described later.
    :ivar scores: R@K of the weights that the module holds, once measured.
    :raises ConfigurationError: the backbone has fewer blocks than are to be frozen.
    """

    def __init__(self, network: nn.Module, branch: Branch, data: TrainingData,
                 options: FitOptions, settled: bool) -> None:
        super().__init__()
        self.network = network
        self._settled = _freeze(branch, options.frozen_blocks)
        if settled:
            self._settled += [part for part in branch.modules()
                              if isinstance(part, nn.BatchNorm2d)]
        self.train()
        self.scores: dict[str, float] = {}
        self._data = data
        self._options = options
        self._retrieval_loss = create_loss(options.loss, options.margin)

    def forward(self, samples: Tensor) -> Tensor:
        """Describe samples, (N, ...), by (N, D)."""
        return self.network(samples)

    def train(self, mode: bool = True) -> 'TripletTraining':
        """Change the mode of all but the parts that are frozen or keep their statistics."""
        super().train(mode)
        for part in self._settled:
            part.eval()
        return self

    @property
    def is_scored(self) -> bool:
        """Whether the data set has validation splits, so that every epoch logs R@K."""
        return self._data.validation is not None

    def losses(self, batch: Batch, descriptors: Tensor) -> dict[str, Tensor]:
        """
        Return the terms whose sum is minimised.

        :param descriptors: (B * T, D) of the batch's images, tuple by tuple.
        """
        rows = batch['rows'].flatten().cpu().numpy()
        return {'retrieval': self._retrieval_loss(descriptors, rows, self._data.relations)}

    def training_step(self, batch: Batch, index: int) -> Tensor:
        """Describe a batch and sum its losses."""
        losses = self.losses(batch, self(batch['samples'].flatten(0, 1)))
        self.log_dict(losses)
        loss = torch.stack(list(losses.values())).sum()
        self.log('loss', loss, prog_bar=True)
        return loss

    def train_dataloader(self) -> DataLoader:
        """Mine the tuples of this epoch with the network as it is now."""
        options = self._options
        seed = (options.seed, self.current_epoch)
        tuples = mine(
            self._data.relations, Mining(options.tuples, options.negatives, options.pool),
            lambda rows: describe(self, self._data.samples, rows, 'mining'),
            np.random.default_rng(seed))
        return DataLoader(TupleData(self._data.versions, tuples, seed), options.batch,
                          num_workers=options.workers)

    def on_train_epoch_end(self) -> None:
        """Measure R@K on the validation splits."""
        if self.is_scored:
            self.scores = self._data.validation.score(self)
            # Every device measures the same; none waits for another.
            self.log_dict(self.scores)
        self._tell()

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep the scores beside the weights that reach them."""
        checkpoint[_SCORES] = self.scores

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take up the scores of the weights that are loaded."""
        self.scores = checkpoint[_SCORES]

    def configure_optimizers(self) -> dict[str, Any]:
        """Return AdamW under a linear warm-up and a cosine decay, both by the step."""
        options = self._options
        tuples = min(options.tuples, len(self._data.relations.positives))
        steps = options.epochs * math.ceil(tuples / options.batch / self.trainer.world_size)
        warm_up = max(1, round(_WARM_UP * steps))

        def factor(step: int) -> float:
            if step < warm_up:
                return (step + 1) / warm_up
            # A training of one step ends with its warm-up.
            done = min(1, (step - warm_up) / max(1, steps - warm_up))
            return 0.5 * (1 + math.cos(math.pi * done))

        optimizer = AdamW([weight for weight in self.parameters() if weight.requires_grad],
                          options.learning_rate)
        return {'optimizer': optimizer,
                'lr_scheduler': {'scheduler': LambdaLR(optimizer, factor), 'interval': 'step'}}

    @rank_zero_only
    def _tell(self) -> None:
        told = {'loss': self.trainer.callback_metrics['loss'], **self.scores}
        _logger.info('epoch %d/%d: %s', self.current_epoch + 1, self.trainer.max_epochs,
                     ', '.join(f'{name} {value:.3f}' for name, value in told.items()))


def _freeze(branch: Branch, count: int) -> list[nn.Module]:
    blocks = branch.backbone.blocks
    if count > len(blocks):
        raise ConfigurationError(
            f'expected frozen_blocks of at most {len(blocks)}, found {count}')
    return [block.requires_grad_(False) for block in blocks[:count]]
