# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The index on disk: round trip, and no byte of it is believed."""

import struct

import faiss
from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.index_file import read_index, write_index

FRAMES, SIZE = 7, 5


def unit(random, frames: int = FRAMES, size: int = SIZE) -> np.ndarray:
    rows = random.normal(size=(frames, size)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / 'index.faiss'
    write_index(path, unit(np.random.default_rng(0)))
    return path


def header(kind=b'IxFI', size=SIZE, frames=FRAMES, trained=1, metric=0, floats=FRAMES * SIZE):
    return struct.pack('<4siqqqBiQ', kind, size, frames, 1 << 20, 1 << 20, trained, metric, floats)


@given(st.integers(1, 40), st.integers(1, 9))
def test_round_trip(tmp_path_factory, frames, size):
    path = tmp_path_factory.getbasetemp() / 'round.faiss'
    rows = unit(np.random.default_rng(frames), frames, size)
    write_index(path, rows)
    index = read_index(path, frames, size)
    assert index.metric_type == faiss.METRIC_INNER_PRODUCT
    np.testing.assert_array_equal(index.reconstruct_n(0, frames), rows)


def test_the_header_is_what_faiss_writes(stored):
    assert stored.read_bytes().startswith(header())


@pytest.mark.parametrize('change', [
    {'kind': b'IxF2'}, {'kind': b'IHNf'}, {'kind': b'\0\0\0\0'}, {'size': 1 << 30}, {'size': -1},
    {'frames': 1 << 60}, {'frames': -1}, {'frames': 0}, {'trained': 0}, {'metric': 1},
    {'floats': 1 << 62}, {'floats': 0}, {'frames': 1 << 40, 'floats': (1 << 40) * SIZE}])
def test_a_header_that_says_something_else_is_not_handed_to_faiss(stored, change):
    body = stored.read_bytes()[len(header()):]
    stored.write_bytes(header(**change) + body)
    with pytest.raises(MapError, match='index.faiss: expected a flat index with the header'):
        read_index(stored, FRAMES, SIZE)


@pytest.mark.parametrize('length', [0, 3, 44, 45, 100, -1])
def test_a_cut_index(stored, length):
    stored.write_bytes(stored.read_bytes()[:length])
    with pytest.raises(MapError, match='expected 185 bytes for 7 descriptors of 5, found'):
        read_index(stored, FRAMES, SIZE)


def test_a_longer_index_and_other_counts(stored):
    for frames, size in ((8, 5), (7, 4), (10 ** 30, 5)):
        with pytest.raises(MapError, match='bytes for'):
            read_index(stored, frames, size)
    stored.write_bytes(stored.read_bytes() + b'\0')
    with pytest.raises(MapError, match='found 186'):
        read_index(stored, FRAMES, SIZE)


@pytest.mark.parametrize('metric', ['IndexFlatL2', 'IndexHNSWFlat'])
def test_other_kinds_of_index(tmp_path, metric):
    path = tmp_path / 'index.faiss'
    index = faiss.IndexFlatL2(SIZE) if metric == 'IndexFlatL2' else faiss.IndexHNSWFlat(SIZE, 4)
    index.add(unit(np.random.default_rng(0)))
    faiss.write_index(index, str(path))
    with pytest.raises(MapError, match='index.faiss: expected'):
        read_index(path, FRAMES, SIZE)


@pytest.mark.parametrize('value', [np.nan, np.inf, 0.0, 7.0])
def test_rows_that_are_no_descriptors(tmp_path, value):
    rows = unit(np.random.default_rng(0))
    rows[4] = value
    path = tmp_path / 'index.faiss'
    write_index(path, rows)
    with pytest.raises(MapError, match='of unit length, found length .* in row 4'):
        read_index(path, FRAMES, SIZE)
