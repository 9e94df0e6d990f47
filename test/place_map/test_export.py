# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A map as .npy and CSV."""

import csv

import numpy as np
import pytest

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.place_map.export import DESCRIPTORS, export_map, ExportMapOptions, FRAMES
from structvpr_ros.place_map.place_map import PlaceMap


def test_all_of_a_map(make_map, tmp_path):
    place_map = PlaceMap.open(make_map())
    folder = export_map(ExportMapOptions(place_map.folder, tmp_path / 'deep' / 'export'))
    stored = np.load(folder / DESCRIPTORS, allow_pickle=False)
    assert stored.dtype == np.float32 and np.array_equal(stored, place_map.descriptors())
    with (folder / FRAMES).open(newline='') as file:
        rows = list(csv.DictReader(file))
    for row, frame in zip(rows, place_map.frames, strict=True):
        assert (int(row['row']), row['image'], float(row['x']), row['stamp'], row['source']) == (
            frame.row, frame.image, frame.x, '', 'monday')


def test_somebody_elses_folder_is_left_alone(make_map, tmp_path):
    (tmp_path / 'photos').mkdir()
    (tmp_path / 'photos' / 'holiday.jpg').write_text('precious')
    with pytest.raises(ConfigurationError, match='refusing to replace'):
        export_map(ExportMapOptions(make_map(), tmp_path / 'photos'))
