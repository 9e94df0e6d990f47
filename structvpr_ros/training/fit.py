# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""One run of a Lightning module: checkpoints, logs, progress, and going on after a stop."""

from contextlib import contextmanager
from dataclasses import asdict
import logging
from pathlib import Path
import shutil
from typing import Any, Iterator, Optional
import warnings

import lightning
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from lightning.pytorch.trainer.states import TrainerStatus
import torch
import yaml

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.storage import replacing_file
from structvpr_ros.training.options import FitOptions
from structvpr_ros.training.progress import Progress
from structvpr_ros.yaml_file import read_yaml

_CHECKPOINTS, _BEST, _LAST, _SETTINGS = 'checkpoints', 'best.ckpt', 'last.ckpt', 'settings.yaml'

# What may differ between a training and its continuation, since it decides no result.
_FREE = {'output', 'resume', 'workers', 'accelerator', 'devices'}


def fit(module: lightning.LightningModule, options: FitOptions, folder: Path,
        monitor: Optional[str]) -> None:
    """
    Train to the last epoch and leave the weights of the best one in the module.

    :param folder: holds ``checkpoints/``, ``logs/`` and ``settings.yaml``. A run that was
        stopped goes on after its last finished epoch, and ends as it would have unstopped.
    :param monitor: the logged score by which an epoch is best; None: the last epoch is.
    :raises ConfigurationError: the folder holds a training with other options.
    :raises KeyboardInterrupt: the user interrupted; the same call goes on.
    """
    last = _prepare(folder, options)
    with _quiet_lightning():
        trainer = _trainer(options, folder, monitor)
        try:
            trainer.fit(module, ckpt_path=last, weights_only=True)
        except SystemExit:
            if trainer.state.status != TrainerStatus.INTERRUPTED:
                raise
            # Lightning exits with 1 upon an interrupt; callers expect the interrupt.
            raise KeyboardInterrupt from None
    best = torch.load(folder / _CHECKPOINTS / _BEST, map_location='cpu', weights_only=True)
    module.on_load_checkpoint(best)
    module.load_state_dict(best['state_dict'])


def _trainer(options: FitOptions, folder: Path, monitor: Optional[str]) -> lightning.Trainer:
    checkpoint = ModelCheckpoint(
        folder / _CHECKPOINTS, Path(_BEST).stem, monitor, mode='max', save_last=True,
        enable_version_counter=False, save_on_train_epoch_end=True)
    return lightning.Trainer(
        accelerator=options.accelerator, devices=options.devices, precision=options.precision,
        max_epochs=options.epochs, reload_dataloaders_every_n_epochs=1,
        callbacks=[checkpoint, Progress()], log_every_n_steps=10, enable_model_summary=False,
        logger=[TensorBoardLogger(folder / 'logs', 'tensorboard', default_hp_metric=False),
                CSVLogger(folder / 'logs', 'csv')])


def _prepare(folder: Path, options: FitOptions) -> Optional[Path]:
    """Return the checkpoint to go on from; None for a new training, whose options are noted."""
    last, noted = folder / _CHECKPOINTS / _LAST, folder / _SETTINGS
    settings = _settings(options)
    if options.resume and last.is_file():
        _check_same(noted, settings)
        return last
    shutil.rmtree(folder / _CHECKPOINTS, ignore_errors=True)
    with replacing_file(noted) as aside:
        aside.write_text(yaml.safe_dump(settings, sort_keys=False), encoding='utf-8')
    return None


def _settings(options: FitOptions) -> dict[str, Any]:
    # Through YAML, so that what is compared later has the types it will have when read.
    plain = {name: str(value) if isinstance(value, Path) else value
             for name, value in asdict(options).items() if name not in _FREE}
    return yaml.safe_load(yaml.safe_dump(plain))


def _check_same(noted: Path, settings: dict[str, Any]) -> None:
    found = read_yaml(noted, ConfigurationError)
    for name, value in settings.items():
        if found[name] != value:
            raise ConfigurationError(
                f'{noted.parent} holds a training with {name} {found[name]!r}, not {value!r}: '
                'give the old value, another output, or resume false to start anew')


@contextmanager
def _quiet_lightning() -> Iterator[None]:
    """Silence hints meant for who wrote the training loop: hardware found, workers, loggers."""
    logger = logging.getLogger('lightning.pytorch')
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings('ignore', module='lightning')
            yield
    finally:
        logger.setLevel(level)
