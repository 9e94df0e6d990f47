# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a training opens: of all conditions, or of some."""

import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.errors import DatasetError
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.options import FitOptions
from structvpr_ros.training.training_data import open_training_data


def open_town(town, trained, conditions):
    options = FitOptions(dataset=town, output=town / 'nowhere', conditions=conditions)
    return open_training_data(
        ModelCard.load(trained / 'rgb'), read_place_dataset(town), options)


def test_it_trains_on_the_conditions_that_are_asked_for(town, trained):
    known = open_town(town, trained, ())
    names = sorted(set(known.table.conditions))
    assert len(names) > 2
    two = open_town(town, trained, tuple(names[:2]))
    assert set(two.table.conditions) == set(names[:2])
    assert len(two.relations.positives) == len(two.table) < len(known.table)
    assert set(open_town(town, trained, tuple(names)).table.images) == set(known.table.images)
    # What is validated on does not depend on it.
    assert two.validation.database_size == known.validation.database_size


def test_a_condition_that_is_not_there_is_named(town, trained):
    with pytest.raises(DatasetError, match='conditions sunny, hail, found none of hail'):
        open_town(town, trained, ('sunny', 'hail'))
