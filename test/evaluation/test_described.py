# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Descriptors are made once: found again, gone on with, and made anew for other content."""

import os
from pathlib import Path
import shutil

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError, ImageError, ModelError, SegmentationError
from structvpr_ros.evaluation import described
from structvpr_ros.evaluation.described import DescriptorCache
from structvpr_ros.inference.describe import describe_table


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_bundle, tmp_path / 'rgb')


@pytest.fixture
def table(tiny_dataset: Path, tmp_path: Path) -> PlaceTable:
    return read_place_dataset(shutil.copytree(tiny_dataset, tmp_path / 'data'))


def open_cache(tmp_path: Path, **options) -> DescriptorCache:
    return DescriptorCache(tmp_path / 'cache', options.pop('slme', tmp_path / 'slme'),
                           options.pop('engine', 'torch'))


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / 'cache').iterdir())


def test_the_second_time_no_network_is_needed(bundle, table, tmp_path):
    first = open_cache(tmp_path).describe(bundle, table)
    np.testing.assert_allclose(first, describe_table(bundle, table, tmp_path), atol=1e-5)
    (bundle / 'model.safetensors').unlink()
    again = open_cache(tmp_path).describe(bundle, table)
    np.testing.assert_array_equal(again, first)
    with pytest.raises(ModelError, match='model.safetensors'):
        open_cache(tmp_path).describe(bundle, table.take([0, 1]))


def test_an_interrupted_run_goes_on_where_it_was(bundle, table, tmp_path, monkeypatch):
    monkeypatch.setattr(described, '_BLOCK', 5)
    moved = table.image_path(7)
    moved.rename(tmp_path / 'aside.png')
    stat = (tmp_path / 'aside.png').stat()
    moved.write_bytes(b'no image')
    # Of one size and time with what it stands for, so that only its content is bad.
    os.truncate(moved, stat.st_size)
    os.utime(moved, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(ImageError):
        open_cache(tmp_path).describe(bundle, table)
    written = kept(tmp_path)[0].stat().st_size
    assert written == 32 + 5 * 4 * 448
    (tmp_path / 'aside.png').replace(moved)
    for row in range(5):
        name = table.image_path(row)
        stat = name.stat()
        name.write_bytes(b'\0' * stat.st_size)
        os.utime(name, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert open_cache(tmp_path).describe(bundle, table).shape == (12, 448)


def test_other_images_are_described_anew(bundle, table, tmp_path):
    first = open_cache(tmp_path).describe(bundle, table)
    write_image(table.image_path(3), 255 - read_image(table.image_path(3)))
    second = open_cache(tmp_path).describe(bundle, table)
    assert np.flatnonzero((first != second).any(axis=1)).tolist() == [3]
    assert len(kept(tmp_path)) == 2


def test_order_and_choice_of_images_count(bundle, table, tmp_path):
    first = open_cache(tmp_path).describe(bundle, table)
    np.testing.assert_allclose(
        open_cache(tmp_path).describe(bundle, table.take([5, 2])), first[[5, 2]], atol=1e-5)


def test_the_exported_network_is_another_one(bundle, table, tmp_path):
    torch = open_cache(tmp_path).describe(bundle, table)
    onnx = open_cache(tmp_path, engine='onnx').describe(bundle, table)
    assert len(kept(tmp_path)) == 2
    np.testing.assert_allclose(onnx, torch, atol=1e-3)


def test_group_maps_count_for_the_seg_branch(pair, town, tmp_path):
    shutil.copytree(town / 'slme', tmp_path / 'slme')
    table = read_place_dataset(town)
    cache = open_cache(tmp_path, engine='onnx')
    first = cache.describe(pair / 'seg', table)
    np.testing.assert_allclose(
        first, describe_table(pair / 'seg', table, tmp_path / 'slme'), atol=1e-5)
    groups = tmp_path / 'slme' / 'groups' / '05_2.png'
    write_image(groups, np.full((32, 40), 3, np.uint8))
    second = cache.describe(pair / 'seg', table)
    assert (first != second).any(axis=1).sum() == 1
    groups.unlink()
    with pytest.raises(SegmentationError, match='05_2'):
        cache.describe(pair / 'seg', table)


def test_a_network_that_fails_leaves_nothing_wrong(bundle, table, tmp_path, monkeypatch):
    monkeypatch.setattr(described, 'describe',
                        lambda *_: np.full((len(table), 448), np.nan, np.float32))
    with pytest.raises(ModelError, match='unit length'):
        open_cache(tmp_path).describe(bundle, table)
    monkeypatch.undo()
    assert np.isfinite(open_cache(tmp_path).describe(bundle, table)).all()


def test_a_folder_that_cannot_be_written(bundle, table, tmp_path):
    (tmp_path / 'cache').write_text('a file')
    with pytest.raises(ConfigurationError, match='name another folder as cache'):
        open_cache(tmp_path).describe(bundle, table)
