# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What both stages of training can be told; the defaults live here and nowhere else."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional, Union

from structvpr_ros.data.layouts import LayoutName
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.training.augmentations import AugmentName
from structvpr_ros.training.retrieval_loss import LossName


@dataclass(kw_only=True)
class FitOptions:
    """
    Data, schedule and hardware of one training; the numbers are ours, chosen by measurement.

    :param dataset: folder of the place data set; rows of split ``train`` are trained on, those
        of ``val_query`` are sought among ``val_map`` after each epoch where there are such.
    :param layout: of the data set; auto recognises it.
    :param output: folder for what is made.
    :param slme: folder of the SLME cache; ``slme`` in the data set if not given.
    :param proximity: what counts as the same place.
    :param conditions: of the images that are trained on; of all conditions if not given.
    :param epochs: how often negatives are mined, and R@K is measured.
    :param tuples: tuples per epoch (query, positive, negatives), each with another query.
    :param negatives: hard negatives per tuple.
    :param pool: how many training images the negatives of an epoch are sought among.
    :param batch: tuples per step and device.
    :param learning_rate: at the end of the warm-up; it falls along a cosine from there.
    :param loss: triplet, or multi_similarity, which looks at all pairs of a batch at once.
    :param margin: of the triplet loss, in Euclidean distance of unit vectors.
    :param frozen_blocks: how many of the first blocks of an RGB branch keep their weights. A SEG
        branch, whose input its backbone never saw, keeps none.
    :param frozen_views: how many changed versions of each image the frozen blocks look at, once
        for the whole training, which then needs no more of their time. 0: a new version in each
        step. For networks whose first ``frozen_blocks`` are frozen.
    :param views: folder for what they saw; trainings that freeze the same blocks may share one.
        ``views`` in the folder of the training if not given.
    :param augment: how far the training images are changed: none, mild (framing and light), or
        strong (also weather, night, perspective, resolution, occlusion).
    :param seed: of all that is random.
    :param workers: processes that prepare batches; 0: none, best where the images fit memory.
    :param resume: go on from the last finished epoch of the same training in ``output``;
        otherwise start anew.
    :param accelerator: Lightning's flag, such as auto, cpu or gpu.
    :param devices: Lightning's flag, such as auto or 2.
    :param precision: Lightning's flag, such as 32-true or bf16-mixed.
    """

    dataset: Path
    output: Path
    layout: LayoutName = 'auto'
    slme: Optional[Path] = None
    proximity: Proximity = field(default_factory=Proximity)
    conditions: tuple[str, ...] = ()
    epochs: int = 10
    tuples: int = 2000
    negatives: int = 2
    pool: int = 2000
    batch: int = 16
    learning_rate: float = 3e-4
    loss: LossName = 'triplet'
    margin: float = 0.1
    frozen_blocks: int = 0
    frozen_views: int = 0
    views: Optional[Path] = None
    augment: AugmentName = 'mild'
    seed: int = 0
    workers: int = 0
    resume: bool = True
    accelerator: str = 'auto'
    devices: Union[int, str] = 'auto'
    precision: str = '32-true'

    def __post_init__(self) -> None:
        self.dataset, self.output = Path(self.dataset), Path(self.output)
        self.slme = Path(self.slme) if self.slme else self.dataset / 'slme'
        for name in ('epochs', 'tuples', 'negatives', 'pool', 'batch'):
            if getattr(self, name) < 1:
                raise ConfigurationError(f'expected {name} of at least 1, '
                                         f'found {getattr(self, name)}')
        if self.frozen_views and not self.frozen_blocks:
            raise ConfigurationError('expected frozen_blocks of at least 1 with frozen_views, '
                                     'found 0')
        for name in ('learning_rate', 'margin'):
            if not getattr(self, name) > 0:
                raise ConfigurationError(f'expected {name} above 0, found {getattr(self, name)}')
        for name in ('frozen_blocks', 'frozen_views', 'workers', 'seed'):
            if getattr(self, name) < 0:
                raise ConfigurationError(f'expected {name} of at least 0, '
                                         f'found {getattr(self, name)}')
