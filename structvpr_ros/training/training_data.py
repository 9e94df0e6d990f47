# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What one branch trains on and is scored on between epochs."""

from dataclasses import dataclass
from typing import Optional, Sequence, Union

import numpy as np

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import relate, Relations
from structvpr_ros.errors import DatasetError
from structvpr_ros.inference.samples import open_samples, Samples
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.augmentations import AUGMENTS, ChangedSamples
from structvpr_ros.training.frozen_views import FrozenViews
from structvpr_ros.training.mining import check_minable
from structvpr_ros.training.options import FitOptions
from structvpr_ros.training.tuple_data import Versions
from structvpr_ros.training.validation import Validation

TRAIN_SPLIT = 'train'


@dataclass(frozen=True)
class TrainingData:
    """
    The opened training split, and the validation splits where there are such.

    :param table: the training rows.
    :param samples: what the network reads of each.
    :param versions: what it trains on: some version of a sample.
    :param relations: of the training rows among themselves.
    """

    table: PlaceTable
    samples: Union[Samples, FrozenViews]
    versions: Versions
    relations: Relations
    validation: Optional[Validation]


def open_training_data(card: ModelCard, table: PlaceTable, options: FitOptions) -> TrainingData:
    """
    Open what the branch of a card is to train on.

    :raises StructVPRError: the data set lacks the split train or one of the conditions, cannot
        be mined, or has files that cannot be read.
    """
    rows = _training_rows(table, options.conditions)
    relations = relate(rows, rows, options.proximity)
    check_minable(relations, options.negatives)
    samples = open_samples(card, rows, options.slme)
    return TrainingData(
        rows, samples, ChangedSamples(samples, AUGMENTS[options.augment]), relations,
        Validation.open(card, table, options.slme, options.proximity))


def _training_rows(table: PlaceTable, conditions: Sequence[str]) -> PlaceTable:
    rows = table.select(TRAIN_SPLIT)
    missing = set(conditions).difference(rows.conditions)
    if missing:
        raise DatasetError(f'{table.root}: expected training images of the conditions '
                           f'{", ".join(conditions)}, found none of {", ".join(sorted(missing))}')
    if not conditions:
        return rows
    return rows.take(np.flatnonzero(np.isin(rows.conditions, conditions)))
