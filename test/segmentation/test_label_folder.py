# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where label maps lie, and the note on what made them."""

from pathlib import Path
from typing import Callable

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import DatasetError, SegmentationError
from structvpr_ros.segmentation.label_folder import (
    existing_label_paths, label_paths, read_record, write_record)


def test_label_maps_lie_beside_their_images(make_dataset: Callable[..., Path]) -> None:
    root = make_dataset(3).resolve()
    assert existing_label_paths(read_place_dataset(root)) == [
        root / 'labels' / name for name in ('sunny/0000.png', 'night/0001.png', 'sunny/0002.png')]


def test_the_first_missing_is_named_and_all_are_counted(
        make_dataset: Callable[..., Path]) -> None:
    root = make_dataset(5)
    (root / 'labels/night/0001.png').unlink()
    (root / 'labels/night/0003.png').unlink()
    with pytest.raises(SegmentationError) as caught:
        existing_label_paths(read_place_dataset(root))
    assert 'night/0001.png' in str(caught.value) and '2 of 5' in str(caught.value)


def test_two_images_may_not_share_a_label_map(tmp_path: Path) -> None:
    table = PlaceTable(tmp_path, ('images/a.jpg', 'images/a.png'), ('p', 'q'), None,
                       np.full(2, np.nan), ('', ''), ('', ''))
    with pytest.raises(DatasetError, match='images/a.jpg and images/a.png'):
        label_paths(table)


def test_the_note_comes_back(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None
    write_record(tmp_path, {'label_set': 'camvid', 'input_size': None, 'mean': [0.5, 0.25]})
    assert read_record(tmp_path) == {
        'label_set': 'camvid', 'input_size': None, 'mean': [0.5, 0.25]}


@pytest.mark.parametrize('text', ['[1]', '!!python/name:os.system', '{'])
def test_a_hostile_note(tmp_path: Path, text: str) -> None:
    write_record(tmp_path, {})
    (tmp_path / 'labels/segment.yaml').write_text(text)
    with pytest.raises(SegmentationError, match='segment.yaml'):
        read_record(tmp_path)
