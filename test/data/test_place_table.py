# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Rows, selections and paths of the place-image table."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import DatasetError


@pytest.fixture
def table() -> PlaceTable:
    return PlaceTable(
        root=Path('/set'),
        images=('images/a.jpg', 'images/night/b.png', 'images/c.jpg'),
        places=('1', '2', '1'),
        positions=np.array([[0.0, 0], [5, 0], [9, 1]]),
        headings=np.array([0, np.nan, 1.5]),
        conditions=('sunny', 'night', 'sunny'),
        splits=('train', 'train', 'test_map'))


def test_paths(table: PlaceTable) -> None:
    assert table.image_path(1) == Path('/set/images/night/b.png')
    assert table.label_path(1) == Path('/set/labels/night/b.png')
    assert table.label_path(0) == Path('/set/labels/a.png')


def test_labels_lie_where_the_layout_says_or_go_by_the_whole_path(table: PlaceTable) -> None:
    other = replace(table, images=('a/images/1.jpg', 'b/1.jpg', 'images/c.jpg'))
    assert other.label_path(0) == Path('/set/labels/a/images/1.png')
    assert other.label_path(1) == Path('/set/labels/b/1.png')
    other = replace(table, labels=('masks/1.png', 'masks/2.png', 'masks/3.png')).take([2, 1])
    assert other.label_path(0) == Path('/set/masks/3.png')
    assert other.labels == ('masks/3.png', 'masks/2.png')


def test_a_truth_goes_along_with_the_rows(table: PlaceTable) -> None:
    truth = {'images/a.jpg': frozenset({'images/c.jpg'})}
    assert replace(table, truth=truth).select('train').take([1]).truth == truth


def test_take_keeps_the_order_asked_for(table: PlaceTable) -> None:
    taken = table.take([2, 0])
    assert taken.images == ('images/c.jpg', 'images/a.jpg')
    np.testing.assert_array_equal(taken.positions, [[9, 1], [0, 0]])
    np.testing.assert_array_equal(taken.headings, [1.5, 0])


def test_select_narrows_by_split_and_condition(table: PlaceTable) -> None:
    assert table.select().images == table.images
    assert table.select(split='train').images == ('images/a.jpg', 'images/night/b.png')
    assert table.select(split='train', condition='night').places == ('2',)


def test_an_empty_selection_says_what_there_is(table: PlaceTable) -> None:
    with pytest.raises(DatasetError, match=r"split 'val', expected one of \['test_map', 'train'"):
        table.select(split='val')
    with pytest.raises(DatasetError, match="condition 'night'"):
        table.select(split='test_map', condition='night')


def test_the_digest_covers_all_but_the_root(table: PlaceTable) -> None:
    assert replace(table, root=Path('/moved')).digest() == table.digest()
    others = [table.take([0, 1]), table.take([1, 0, 2]),
              replace(table, positions=None), replace(table, positions=table.positions + 1e-9),
              replace(table, headings=np.zeros(3)), replace(table, places=('1', '2', '3')),
              replace(table, splits=('train',) * 3), replace(table, conditions=('',) * 3),
              replace(table, labels=('a', 'b', 'c')), replace(table, truth={}),
              replace(table, truth={'images/a.jpg': frozenset({'images/c.jpg'})})]
    assert len({other.digest() for other in others} | {table.digest()}) == len(others) + 1
