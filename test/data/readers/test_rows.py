# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Rows become a table only when every file is where it is said to be."""

import math
from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.readers.rows import Listing, make_table, Row
from structvpr_ros.errors import DatasetError


def test_columns_come_from_the_fields(tmp_path, write_images):
    write_images(['a/1.jpg', '2.jpg'])
    table = make_table(tmp_path, [
        Row('a/1.jpg', 'p', (1.0, 2.0), 0.5, 'night', 'train', 'm/1.png'),
        Row('2.jpg', 'q', (3.0, 4.0), label='m/2.png')])
    assert table.images == ('a/1.jpg', '2.jpg') and table.places == ('p', 'q')
    np.testing.assert_array_equal(table.positions, [[1, 2], [3, 4]])
    assert table.headings[0] == 0.5 and math.isnan(table.headings[1])
    assert table.conditions == ('night', '') and table.splits == ('train', '')
    assert table.label_path(1) == tmp_path / 'm' / '2.png'
    table = make_table(tmp_path, [Row('2.jpg', 'q')])
    assert table.positions is None and table.label_path(0) == tmp_path / 'labels' / '2.png'


@pytest.mark.parametrize('name', ['../1.jpg', 'a/../../1.jpg', '/etc/passwd', 'a\0b.jpg'])
def test_images_never_leave_the_folder(tmp_path: Path, name: str, write_images):
    write_images(['in/a/1.jpg', '1.jpg'])
    with pytest.raises(DatasetError, match='expected images below it'):
        make_table(tmp_path / 'in', [Row(name, 'p')])


def test_what_is_missing_is_named_and_counted(tmp_path, write_images):
    write_images(['1.jpg'])
    with pytest.raises(DatasetError, match=r'2.jpg: expected an image.*\(2 of 3'):
        make_table(tmp_path, [Row(name, 'p') for name in ('1.jpg', '2.jpg', 'gone/3.jpg')])
    with pytest.raises(DatasetError, match="image '1.jpg' is listed twice"):
        make_table(tmp_path, [Row('1.jpg', 'p'), Row('1.jpg', 'q')])
    with pytest.raises(DatasetError, match='expected images, found none'):
        make_table(tmp_path, [])


def test_listing_knows_files_in_folders(tmp_path, write_images):
    write_images(['a/b/1.jpg', '2.jpg'])
    listing = Listing(tmp_path)
    assert 'a/b/1.jpg' in listing and '2.jpg' in listing
    assert 'a/2.jpg' not in listing and 'no/1.jpg' not in listing
