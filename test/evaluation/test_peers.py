# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A peer's arrays: what is taken, and what is refused without being run or filling memory."""

from pathlib import Path
import pickle

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import ConfigurationError, DatasetError
from structvpr_ros.evaluation.peers import Peer

GOOD = np.array([[3.0, 4.0], [0.0, 2.0]])


def save(path: Path, array: np.ndarray) -> Path:
    np.save(path, array, allow_pickle=True)
    return path


def load(queries: Path, database: Path) -> tuple[np.ndarray, np.ndarray]:
    return Peer('net', queries, database).load(2, 2)


def test_a_name_and_two_files() -> None:
    assert Peer.parse('net vlad = a.npy , b/c.npy') == Peer(
        'net vlad', Path('a.npy'), Path('b/c.npy'))


@pytest.mark.parametrize('text', ['', 'a.npy,b.npy', '=a.npy,b.npy', 'net=a.npy', 'net=a,b,c',
                                  'net=,b', 'net'])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match='NAME=QUERIES.npy,MAP.npy'):
        Peer.parse(text)


@pytest.mark.parametrize('kind', ['<f2', '<f4', '>f4', '<f8'])
@pytest.mark.parametrize('order', ['C', 'F'])
def test_floats_of_any_kind_become_unit_vectors(tmp_path: Path, kind: str, order: str) -> None:
    path = save(tmp_path / 'a.npy', np.asarray(GOOD, kind, order=order))
    for loaded in load(path, path):
        assert loaded.dtype == np.float32 and loaded.flags['C_CONTIGUOUS']
        np.testing.assert_allclose(loaded, [[0.6, 0.8], [0.0, 1.0]], rtol=1e-6)


def test_half_floats_do_not_overflow(tmp_path: Path) -> None:
    path = save(tmp_path / 'a.npy', np.full((2, 64), 60000, np.float16))
    np.testing.assert_allclose(load(path, path)[0], np.full((2, 64), 0.125))


@pytest.mark.parametrize('bad', [
    GOOD.astype(int), GOOD[:1], GOOD[0], GOOD[np.newaxis], GOOD[:, :0], GOOD.astype(complex),
    np.array([['a', 'b']] * 2)])
def test_another_type_or_shape_is_refused(tmp_path: Path, bad: np.ndarray) -> None:
    good = save(tmp_path / 'good.npy', GOOD)
    with pytest.raises(DatasetError, match=r'bad.npy: expected an array of floats, \(2, D\)|'
                                           'cannot mmap an empty'):
        load(good, save(tmp_path / 'bad.npy', bad))


@pytest.mark.parametrize('value', [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(tmp_path: Path, value: float) -> None:
    array = GOOD.copy()
    array[1, 0] = value
    path = save(tmp_path / 'a.npy', array)
    with pytest.raises(DatasetError, match='finite descriptors other than zero.* in row 1'):
        load(path, path)


def test_a_row_of_zeros_has_no_direction(tmp_path: Path) -> None:
    path = save(tmp_path / 'a.npy', np.zeros((2, 3)))
    with pytest.raises(DatasetError, match=r'in row 0 \(2 such rows\)'):
        load(path, path)


def test_lengths_that_differ_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match='net: expected descriptors of one length'):
        load(save(tmp_path / 'a.npy', GOOD), save(tmp_path / 'b.npy', np.ones((2, 3))))


class Exploit:
    """Would leave a mark if it were ever unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple:
        return Path.touch, (self._mark,)


def test_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    mark = tmp_path / 'mark'
    objects = save(tmp_path / 'objects.npy', np.array([[Exploit(mark)] * 2] * 2, object))
    bare = tmp_path / 'bare.npy'
    bare.write_bytes(pickle.dumps(Exploit(mark)))
    for path in (objects, bare):
        with pytest.raises(DatasetError, match='expected a .npy file of floats'):
            load(path, path)
    assert not mark.exists()


def test_a_header_that_promises_too_much_fills_no_memory(tmp_path: Path) -> None:
    path = save(tmp_path / 'a.npy', np.zeros((2, 2)))
    content = path.read_bytes()
    path.write_bytes(content.replace(b'(2, 2), }' + b' ' * 12, b'(2, 2000000000000), }'))
    assert b'2000000000000' in path.read_bytes()
    with pytest.raises(DatasetError, match='expected a .npy file of floats'):
        load(path, path)


@pytest.mark.parametrize('content', [b'', b'x', b'PK\x03\x04', b'\x93NUMPY'])
def test_what_is_no_array_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / 'a.npy'
    path.write_bytes(content)
    with pytest.raises(DatasetError, match='expected a .npy file of floats'):
        load(path, path)
    with pytest.raises(DatasetError, match='gone.npy: expected descriptors, found no such file'):
        load(tmp_path / 'gone.npy', path)


@given(st.data())
def test_a_damaged_file_is_refused_or_read(tmp_path_factory, data: st.DataObject) -> None:
    path = save(tmp_path_factory.getbasetemp() / 'damaged.npy', GOOD)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[:data.draw(st.integers(0, len(content)))])
    try:
        loaded = load(path, path)[0]
    except DatasetError:
        return
    np.testing.assert_allclose(np.linalg.norm(loaded, axis=1), 1, rtol=1e-5)
