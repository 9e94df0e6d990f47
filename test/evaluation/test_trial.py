# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A place map as a table of images."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.evaluation.trial import map_table, Trial
from structvpr_ros.place_map.place_map import PlaceMap


@pytest.fixture
def place_map(tiny_map: Path) -> PlaceMap:
    return PlaceMap.open(tiny_map)


def test_a_map_of_the_data_set_is_the_table_it_was_built_from(place_map, tiny_dataset):
    day = read_place_dataset(tiny_dataset).select(condition='day')
    table = map_table(place_map, tiny_dataset)
    assert (table.root, table.images, table.places, table.conditions) == (
        day.root, day.images, day.places, day.conditions)
    np.testing.assert_array_equal(table.positions, day.positions)
    np.testing.assert_array_equal(table.headings, day.headings)
    trial = Trial.open(read_place_dataset(tiny_dataset).select('test_query'), table, Proximity())
    assert [rows.tolist() for rows in trial.relations.positives] == [[row] for row in range(6)]


def test_images_of_a_foreign_map_are_not_sought_in_the_data_set(place_map, tmp_path):
    table = map_table(place_map, tmp_path / 'other')
    assert table.root == place_map.folder


def test_a_map_without_positions_knows_places_by_their_ids(place_map, tiny_dataset):
    frames = tuple(replace(frame, x=None, y=None, heading=None) for frame in place_map.frames)
    table = map_table(PlaceMap(place_map.folder, place_map.meta, frames, None), tiny_dataset)
    assert table.positions is None and np.isnan(table.headings).all()
