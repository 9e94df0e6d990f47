# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Sources that are joined and selected from, against plain lists."""

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.joined_images import JoinedImages, SelectedImages
from structvpr_ros.data.table_images import TableImages


@pytest.fixture
def table(tiny_dataset):
    return read_place_dataset(tiny_dataset)


def test_a_table_is_a_source(table):
    images = TableImages(table)
    entry = images.entries[3]
    assert (entry.source, entry.image, entry.place) == (
        'tiny_dataset', table.images[3], table.places[3])
    assert (entry.x, entry.y, entry.heading, entry.stamp) == (
        *table.positions[3], table.headings[3], None)
    [load] = images.loads([3])
    assert np.array_equal(load(), read_image(table.image_path(3)))


def test_joined_and_selected(table):
    parts = [TableImages(table.take(rows)) for rows in ([0, 1, 2], [3], [4, 5])]
    parts[1].origin = GeoPoint(1.0, 2.0)
    joined, whole = JoinedImages(parts), TableImages(table)
    assert joined.entries == whole.entries[:6] and joined.origin == GeoPoint(1.0, 2.0)
    assert [joined.identity(row) for row in range(6)] == [
        whole.identity(row) for row in range(6)]
    rows = [1, 3, 5]
    selected = SelectedImages(joined, rows)
    assert selected.entries == [whole.entries[row] for row in rows]
    assert selected.identity(2) == whole.identity(5)
    for found, row in zip(selected.loads(range(3)), rows, strict=True):
        assert np.array_equal(found(), read_image(table.image_path(row)))
    assert list(selected.loads([])) == []
