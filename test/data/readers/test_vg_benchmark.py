# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The benchmark's form: positions in the names of images."""

import math

import pytest

from structvpr_ros.data.layouts import LAYOUTS, read_dataset
from structvpr_ros.data.proximity import relate
from structvpr_ros.errors import DatasetError

FIELDS = '@17@T@+40.44@-079.99@000000@00@{}@@@@201907@pitch1@.jpg'


def name(east: float, north: float, heading: str = '') -> str:
    return f'@{east:010.2f}@{north:010.2f}' + FIELDS.format(heading)


@pytest.mark.parametrize('database', ['database', 'gallery'])
def test_parts_positions_and_headings(tmp_path, write_images, database):
    write_images([f'images/train/{database}/{name(0, 0)}', f'images/train/queries/{name(1, 0)}',
                  f'images/test/{database}/{name(585000, 4476000, "090")}',
                  f'images/test/{database}/{name(585100, 4476000)}',
                  f'images/test/queries/{name(585020, 4476000, "270")}'])
    table = read_dataset(tmp_path)
    assert table.splits == ('train', 'train', 'test_map', 'test_map', 'test_query')
    queries, gallery = table.select('test_query'), table.select('test_map')
    assert gallery.positions.tolist() == [[585000, 4476000], [585100, 4476000]]
    assert gallery.headings[0] == pytest.approx(0, abs=1e-9) and math.isnan(gallery.headings[1])
    rule = LAYOUTS['vg_benchmark'].rule
    assert [rows.tolist() for rows in relate(queries, gallery, rule).positives] == [[0]]
    assert table.label_path(0).parent == (tmp_path / f'labels/train/{database}').resolve()


@pytest.mark.parametrize('bad', ['plain.jpg', '@x@y@.jpg', '@1.jpg', '@nan@1@.jpg'])
def test_a_name_without_position_is_refused(tmp_path, write_images, bad):
    write_images([f'images/test/queries/{bad}'])
    with pytest.raises(DatasetError, match='expected a name such as @0586400.12@4476012.50@'):
        read_dataset(tmp_path)


def test_no_images(tmp_path):
    (tmp_path / 'images' / 'val' / 'queries').mkdir(parents=True)
    with pytest.raises(DatasetError, match='expected images in train, val or test'):
        read_dataset(tmp_path)
