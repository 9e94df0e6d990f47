# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The index of a large map: what it finds, what it takes, and how it is found on disk."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from structvpr_ros.errors import MapError
from structvpr_ros.place_map import ivf_index
from structvpr_ros.place_map.cells import Cells
from structvpr_ros.place_map.codes import code_count, make_codes
from structvpr_ros.place_map.descriptor_file import (check_descriptors, open_descriptors,
                                                     write_descriptors)
from structvpr_ros.place_map.ivf_file import read_codes, write_codes
from structvpr_ros.place_map.ivf_index import IvfIndex

COUNT, SIZE = 3000, 32
HEADER = 32  # bytes


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope='module')
def frames():
    """Frames of 60 places."""
    random = np.random.default_rng(0)
    return unit(np.repeat(random.normal(size=(60, SIZE)), COUNT // 60, 0)
                + random.normal(size=(COUNT, SIZE)))


@pytest.fixture(scope='module')
def codes(frames):
    return make_codes(frames)


@pytest.fixture(scope='module')
def queries(frames):
    return unit(frames[::50] + 0.05 * np.random.default_rng(1).normal(size=(60, SIZE)))


@pytest.fixture
def stored(codes, tmp_path):
    path = tmp_path / 'index.ivf'
    write_codes(path, codes)
    return path


def exact(frames, queries, k):
    scores = queries @ frames.astype(np.float16).astype(np.float32).T
    order = np.argsort(-scores, 1, kind='stable')[:, :k]
    return np.take_along_axis(scores, order, 1), order


def test_a_small_share_of_the_cells_finds_the_best(frames, codes, queries, monkeypatch):
    monkeypatch.setattr(ivf_index, 'SCANNED', COUNT // 3)
    scores, rows = IvfIndex(codes, frames.astype(np.float16)).search(queries, 5)
    _, expected = exact(frames, queries, 1)
    assert (rows[:, :1] == expected).mean() > 0.97
    np.testing.assert_allclose(
        scores, np.einsum('qd,qkd->qk', queries, frames[rows]), atol=2e-3)
    assert (np.diff(scores) <= 0).all()


@pytest.mark.parametrize('k', [1, 17, 2000, COUNT])
def test_as_many_as_are_wanted(frames, codes, queries, k, monkeypatch):
    monkeypatch.setattr(ivf_index, 'SCANNED', 1)
    scores, rows = IvfIndex(codes, frames.astype(np.float16)).search(queries, k)
    assert scores.shape == rows.shape == (len(queries), k)
    assert all(len(set(row)) == k for row in rows.tolist()) and rows.min() >= 0
    if k == COUNT:
        assert np.array_equal(rows[:, :50], exact(frames, queries, 50)[1])


def test_of_equal_scores_the_lower_row_goes_first(frames):
    twice = np.concatenate([frames[:500], frames[:500]])
    _, rows = IvfIndex(make_codes(twice), twice.astype(np.float16)).search(frames[:9], 2)
    assert rows.tolist() == [[row, row + 500] for row in range(9)]


def test_several_threads(frames, codes, queries):
    index = IvfIndex(codes, frames.astype(np.float16))
    alone = index.search(queries, 3)[1]
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: index.search(queries, 3)[1], range(8)):
            assert np.array_equal(found, alone)


def test_corrupt_descriptors_are_found_when_they_are_looked_at(frames, codes):
    bad = frames.astype(np.float16)
    bad[7] = np.nan
    index = IvfIndex(codes, bad)
    with pytest.raises(MapError, match='expected descriptors of unit length'):
        index.search(frames[7:8], 1)


@pytest.mark.parametrize('size', [8, 9, 20, 448])
def test_codes_of_other_sizes(size, tmp_path):
    frames = unit(np.random.default_rng(2).normal(size=(300, size)))
    codes = make_codes(frames)
    assert codes.codes.shape == (300, -(-code_count(size) // 2))
    write_codes(tmp_path / 'codes', codes)
    index = IvfIndex(read_codes(tmp_path / 'codes', 300, size), frames.astype(np.float16))
    assert index.search(frames[:50], 1)[1][:, 0].tolist() == list(range(50))


def test_frames_that_are_all_alike():
    # Products of ones and zeros are the same in whatever order a BLAS adds them up.
    frames = np.tile(np.eye(1, SIZE, dtype=np.float32), (400, 1))
    _, rows = IvfIndex(make_codes(frames), frames.astype(np.float16)).search(frames[:1], 3)
    assert rows.tolist() == [[0, 1, 2]]


def test_cells_take_all_points():
    points = np.random.default_rng(3).normal(size=(2000, 6)).astype(np.float32)
    cells = Cells(points, 40)
    owners = cells.assign(points)
    assert owners.min() >= 0 and owners.max() < len(cells.centroids)
    assert 20 <= len(set(owners.tolist())) <= 60
    spread = np.linalg.norm(points - cells.centroids[owners], axis=1).mean()
    assert spread < 0.8 * np.linalg.norm(points, axis=1).mean()


def test_round_trip(stored, codes):
    read = read_codes(stored, COUNT, SIZE)
    for name in ('projection', 'centroids', 'codebook', 'sizes', 'rows', 'codes'):
        np.testing.assert_array_equal(getattr(read, name), getattr(codes, name))
    assert stored.stat().st_size < 40 * COUNT


@pytest.mark.parametrize('length', [0, 5, 31, 32, 1000, -1])
def test_a_cut_file(stored, length):
    stored.write_bytes(stored.read_bytes()[:length])
    with pytest.raises(MapError, match='index.ivf: expected'):
        read_codes(stored, COUNT, SIZE)


def test_a_header_is_not_believed(stored):
    whole = stored.read_bytes()
    for place, number in ((8, SIZE + 1), (16, COUNT + 1), (24, 0), (24, 1 << 60), (24, 3)):
        stored.write_bytes(whole[:place] + number.to_bytes(8, 'little') + whole[place + 8:])
        with pytest.raises(MapError, match='index.ivf: expected'):
            read_codes(stored, COUNT, SIZE)
    for frames, size in ((10 ** 30, SIZE), (COUNT, 10 ** 30)):
        with pytest.raises(MapError, match='index.ivf: expected codes of'):
            read_codes(stored, frames, size)


@pytest.mark.parametrize(('change', 'told'), [
    (lambda codes: codes['rows'].__setitem__(0, codes['rows'][1]), 'each frame in one cell'),
    (lambda codes: codes['rows'].__setitem__(0, COUNT), 'each frame in one cell'),
    (lambda codes: codes['sizes'].__setitem__(0, 1 << 31), 'cells of 3000 frames in all'),
    (lambda codes: codes['centroids'].__setitem__((0, 0), np.nan), 'finite numbers as centroids'),
    (lambda codes: codes['codebook'].__setitem__((0, 0, 0), np.inf), 'finite numbers as code')])
def test_parts_that_disagree(codes, tmp_path, change, told):
    arrays = {name: array.copy() for name, array in vars(codes).items()}
    change(arrays)
    write_codes(tmp_path / 'codes', type(codes)(**arrays))
    with pytest.raises(MapError, match=told):
        read_codes(tmp_path / 'codes', COUNT, SIZE)


def test_descriptors_stay_readable_when_the_file_is_gone(frames, tmp_path):
    path = tmp_path / 'descriptors.f16'
    write_descriptors(path, frames)
    check_descriptors(path, COUNT, SIZE)
    stored = open_descriptors(path, COUNT, SIZE)
    path.unlink()
    np.testing.assert_array_equal(stored, frames.astype(np.float16))
    assert not stored.flags.writeable


@pytest.mark.parametrize('change', [lambda path: path.unlink(),
                                    lambda path: path.write_bytes(path.read_bytes()[:-2]),
                                    lambda path: path.write_bytes(b'')])
def test_bad_descriptor_files(frames, tmp_path, change):
    path = tmp_path / 'descriptors.f16'
    write_descriptors(path, frames)
    change(path)
    with pytest.raises(MapError, match='descriptors.f16: expected'):
        open_descriptors(path, COUNT, SIZE)


def test_a_descriptor_that_is_none(frames, tmp_path):
    bad = frames.copy()
    bad[2900] *= 2
    write_descriptors(tmp_path / 'd', bad)
    with pytest.raises(MapError, match='found length .* in row 2900'):
        check_descriptors(tmp_path / 'd', COUNT, SIZE)
