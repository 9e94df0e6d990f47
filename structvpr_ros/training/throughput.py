# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How fast a training is, and how much of its time it waits for data."""

import logging
import time
from typing import Any

import lightning
from lightning.pytorch.callbacks import Callback

_logger = logging.getLogger(__name__)


class Throughput(Callback):
    """Tells after each epoch the images per second and the share of time without a batch."""

    def __init__(self) -> None:
        super().__init__()
        self.images, self.waited, self.worked = 0, 0.0, 0.0
        self._since = 0.0

    def on_train_epoch_start(self, trainer: lightning.Trainer,
                             module: lightning.LightningModule) -> None:
        """Begin to count; the mining before is none of it."""
        self.images, self.waited, self.worked = 0, 0.0, 0.0
        self._since = time.perf_counter()

    def on_train_batch_start(self, trainer: lightning.Trainer, module: lightning.LightningModule,
                             batch: Any, batch_idx: int) -> None:
        """Count what has passed since the last step as waiting."""
        now = time.perf_counter()
        self.waited += now - self._since
        self._since = now

    def on_train_batch_end(self, trainer: lightning.Trainer, module: lightning.LightningModule,
                           outputs: Any, batch: Any, batch_idx: int) -> None:
        """Count what has passed since then as work."""
        now = time.perf_counter()
        self.worked += now - self._since
        self._since = now
        self.images += batch['rows'].numel()

    def on_train_epoch_end(self, trainer: lightning.Trainer,
                           module: lightning.LightningModule) -> None:
        """Tell what was counted."""
        passed = self.waited + self.worked
        _logger.info('%.1f images/s, %.0f %% of the time waiting for data',
                     self.images / passed, 100 * self.waited / passed)
