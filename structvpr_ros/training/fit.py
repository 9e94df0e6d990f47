# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""One run of a Lightning module: checkpoints, logs, progress, and going on after a stop."""

from contextlib import contextmanager
from dataclasses import asdict
import logging
from pathlib import Path
import shutil
from typing import Any, Iterator, Mapping, Optional
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
from structvpr_ros.training.processes import is_first, layout
from structvpr_ros.training.progress import Progress
from structvpr_ros.training.throughput import Throughput
from structvpr_ros.training.triplet_training import TripletTraining
from structvpr_ros.yaml_file import read_yaml

_CHECKPOINTS, _BEST, _LAST = 'checkpoints', 'best.ckpt', 'last.ckpt'
_SETTINGS = 'settings.yaml'
_MONITORED = 'R@1'

# What may differ between a training and its continuation, since it decides no result.
_FREE = {'output', 'branch', 'layout', 'resume', 'workers', 'accelerator', 'devices', 'views',
         'cache'}


def fit(module: TripletTraining, options: FitOptions, folder: Path,
        origins: Mapping[str, str]) -> None:
    """
    Train to the last epoch and leave the weights of the best one in the module.

    The best is the one of the highest R@1; without validation splits, the last.

    :param folder: holds ``checkpoints/``, ``logs/`` and ``settings.yaml``. A run that was
        stopped goes on after its last finished epoch, and ends as it would have unstopped.
    :param origins: fingerprints and digests of what the training starts from, by name.
    :raises ConfigurationError: the folder holds a training with other options.
    :raises KeyboardInterrupt: the user interrupted; the same call goes on.
    """
    last = _prepare(folder, options, origins)
    with _quiet_lightning():
        trainer = _trainer(options, folder, _MONITORED if module.is_scored else None)
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
    # Two: with save_last, Lightning writes the last epoch only when it is the best one as well.
    # It tells them apart by what they monitor and which way.
    best, last = (ModelCheckpoint(
        folder / _CHECKPOINTS, Path(name).stem, monitored, mode=mode,
        enable_version_counter=False, save_on_train_epoch_end=True)
        for name, monitored, mode in ((_BEST, monitor, 'max'), (_LAST, None, 'min')))
    return lightning.Trainer(
        accelerator=options.accelerator, precision=options.precision, **layout(options.devices),
        max_epochs=options.epochs, reload_dataloaders_every_n_epochs=1,
        callbacks=[best, last, Progress(), Throughput()], log_every_n_steps=10,
        enable_model_summary=False,
        logger=[TensorBoardLogger(folder / 'logs', 'tensorboard', default_hp_metric=False),
                CSVLogger(folder / 'logs', 'csv')])


def _prepare(folder: Path, options: FitOptions, origins: Mapping[str, str]) -> Optional[Path]:
    """Return the checkpoint to go on from; None for a new training, whose options are noted."""
    last, noted = folder / _CHECKPOINTS / _LAST, folder / _SETTINGS
    settings = _settings(options, origins)
    if options.resume and last.is_file():
        _check_same(noted, settings)
        return last
    if is_first():
        shutil.rmtree(folder / _CHECKPOINTS, ignore_errors=True)
        with replacing_file(noted) as aside:
            aside.write_text(yaml.safe_dump(settings, sort_keys=False), encoding='utf-8')
    return None


def _settings(options: FitOptions, origins: Mapping[str, str]) -> dict[str, Any]:
    plain = {name: str(value) if isinstance(value, Path) else
             list(value) if isinstance(value, tuple) else value
             for name, value in asdict(options).items() if name not in _FREE}
    return {**plain, **origins}


def _check_same(noted: Path, settings: dict[str, Any]) -> None:
    found = read_yaml(noted, ConfigurationError)
    for name, value in settings.items():
        old = found.get(name) if isinstance(found, dict) else None
        if old != value:
            raise ConfigurationError(
                f'{noted.parent} holds a training with {name} {old!r}, not {value!r}: give the '
                'old value, another output, or resume false to start anew')


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
