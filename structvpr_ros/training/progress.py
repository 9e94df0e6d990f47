# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Progress of a training: a bar for each epoch, on stderr."""

from typing import Any, Optional

import lightning
from lightning.pytorch.callbacks import ProgressBar
from tqdm import tqdm


class Progress(ProgressBar):
    """Shows the steps of the present epoch and their loss; Lightning's own bar uses stdout."""

    def __init__(self) -> None:
        super().__init__()
        self._hidden = False
        self._bar: Optional[tqdm] = None

    def disable(self) -> None:
        """Show nothing, as on all but the first of several devices."""
        self._hidden = True

    def enable(self) -> None:
        """Show the progress again."""
        self._hidden = False

    def on_train_batch_end(self, trainer: lightning.Trainer, module: lightning.LightningModule,
                           outputs: Any, batch: Any, batch_idx: int) -> None:
        """Move the bar on by one step."""
        if self._bar is None:
            self._bar = tqdm(
                total=trainer.num_training_batches, unit='step', leave=False,
                disable=self._hidden,
                desc=f'epoch {trainer.current_epoch + 1}/{trainer.max_epochs}')
        self._bar.set_postfix(loss=f'{float(outputs["loss"]):.3f}', refresh=False)
        self._bar.update()

    def on_train_epoch_end(self, trainer: lightning.Trainer,
                           module: lightning.LightningModule) -> None:
        """Close the bar."""
        self._close()

    def on_exception(self, trainer: lightning.Trainer, module: lightning.LightningModule,
                     exception: BaseException) -> None:
        """Close the bar before the error is told."""
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
