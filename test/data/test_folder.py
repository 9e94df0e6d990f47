# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The place data set on disk: a round trip, and a clear error for each kind of bad row."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset, write_place_dataset
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import DatasetError


def write_images(root: Path, *names: str) -> None:
    for name in names:
        path = root / 'images' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), np.full((12, 16, 3), 90, np.uint8))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_images(tmp_path, 'a.jpg', 'b.png')
    return tmp_path


def write_csv(root: Path, text: str) -> None:
    (root / 'places.csv').write_text(text, encoding='utf-8')


def test_round_trip(root: Path) -> None:
    write_images(root, 'night/ü.jpg')
    table = PlaceTable(
        root=root.resolve(), images=('images/a.jpg', 'images/night/ü.jpg'), places=('p, 1', 'q'),
        positions=np.array([[0.1, -2], [1e6 / 3, 4]]), headings=np.array([np.nan, 1 / 3]),
        conditions=('', 'night'), splits=('test_map', 'test_query'))
    write_place_dataset(table)
    again = read_place_dataset(root)
    for column in ('root', 'images', 'places', 'conditions', 'splits'):
        assert getattr(again, column) == getattr(table, column)
    np.testing.assert_array_equal(again.positions, table.positions)
    np.testing.assert_array_equal(again.headings, table.headings)


def test_round_trip_without_positions(root: Path) -> None:
    write_csv(root, 'image,place\na.jpg,here\nb.png,there\n')
    table = read_place_dataset(root)
    assert table.positions is None
    assert table.places == ('here', 'there')
    write_place_dataset(table)
    assert read_place_dataset(root).positions is None


def test_an_image_without_a_place_is_its_own(root: Path) -> None:
    write_csv(root, 'image,x,y\na.jpg,1,2\nb.png,3,4\n')
    table = read_place_dataset(root)
    assert table.places == (f'{root.name}/a', f'{root.name}/b'), 'as no other set has it'
    assert np.isnan(table.headings).all()
    assert table.splits == ('', '')


@pytest.mark.parametrize('text, message', [
    ('', r'places\.csv:1: expected the columns image and x,y or place.*found nothing'),
    ('image,x\na.jpg,1\n', r'places\.csv:1: expected the columns'),
    ('image,place,x\na.jpg,p,1\n', r'places\.csv:1: expected the columns.* x only with y'),
    ('image,x,y,colour\na.jpg,1,2,red\n', r'places\.csv:1: .*colour'),
    ('image,x,y,x\na.jpg,1,2,3\n', r'places\.csv:1: '),
    ('image,x,y\n', 'expected at least one row'),
    ('image,x,y\na.jpg,1\n', r'places\.csv:2: expected 3 values'),
    ('image,x,y\na.jpg,1,2,3\n', r'places\.csv:2: expected 3 values'),
    ('image,x,y\na.jpg,1,2\nb.png,1,nan\n', r"places\.csv:3: .*finite.*column y, found 'nan'"),
    ('image,x,y\na.jpg,1,inf\n', r'places\.csv:2: .*column y'),
    ('image,x,y\na.jpg,1,2\nb.png,,\n', r'places\.csv:3: .*column x'),
    ('image,x,y,heading\na.jpg,1,2,north\n', r"places\.csv:2: .*heading, found 'north'"),
    ('image,place\na.jpg,\n', r'places\.csv:2: expected a place ID or x and y'),
    ('image,x,y\na.jpg,1,2\na.jpg,3,4\n', r"places\.csv:3: image 'a.jpg' stands in line 2"),
    ('image,x,y\ngone.jpg,1,2\n', r'places\.csv:2: .*gone\.jpg: .*no file'),
    ('image,x,y\n../places.csv,1,2\n', r'places\.csv:2: expected an image below'),
    ('image,x,y\n/etc/hostname,1,2\n', r'places\.csv:2: expected an image below'),
    ('image,x,y\n,1,2\n', r'places\.csv:2: expected an image below'),
    ('image,x,y\n"a.jpg,1,2\n', 'expected UTF-8 CSV'),
])
def test_bad_tables_name_the_row(root: Path, text: str, message: str) -> None:
    write_csv(root, text)
    with pytest.raises(DatasetError, match=message):
        read_place_dataset(root)


def test_unreadable_image_is_named(root: Path) -> None:
    (root / 'images' / 'b.png').write_bytes(b'\x89PNG but not really')
    write_csv(root, 'image,x,y\na.jpg,1,2\nb.png,3,4\n')
    with pytest.raises(DatasetError, match=r'places\.csv:3: .*b\.png.*cannot decode'):
        read_place_dataset(root)


def test_a_link_out_of_the_folder_is_refused(root: Path, tmp_path_factory) -> None:
    outside = tmp_path_factory.mktemp('outside') / 'secret.jpg'
    cv2.imwrite(str(outside), np.zeros((8, 8, 3), np.uint8))
    (root / 'images' / 'link.jpg').symlink_to(outside)
    write_csv(root, 'image,x,y\nlink.jpg,1,2\n')
    with pytest.raises(DatasetError, match='expected an image below'):
        read_place_dataset(root)


def test_missing_table_and_wrong_encoding(root: Path) -> None:
    with pytest.raises(DatasetError, match='found no such file'):
        read_place_dataset(root)
    (root / 'places.csv').write_bytes('image,x,y\ncafé.jpg,1,2\n'.encode('latin-1'))
    with pytest.raises(DatasetError, match='expected UTF-8'):
        read_place_dataset(root)
