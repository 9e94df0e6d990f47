# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Pairs from an array of objects: numbers and lists are read, whatever else is refused unrun."""

from pathlib import Path
import pickle
import pickletools

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.readers.object_array import read_pairs
from structvpr_ros.errors import DatasetError

# What VPR-Bench's ground truth of Python 2 looks like, to the instruction.
PYTHON_2 = (
    b'\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b'
    b'\x87Rq\x03(K\x01K\x02K\x02\x86cnumpy\ndtype\nq\x04U\x02O8K\x00K\x01\x87R(K\x03U\x01|NNN'
    b'J\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89]q\x05(K\x00]q\x06(K\x00'
    b'K\x01eK\x01]q\x07K\x02aetb.')

PAIRS = st.dictionaries(st.integers(0, 70000), st.lists(st.integers(-3, 1 << 40), max_size=5),
                        min_size=1, max_size=8)


def make(pairs: dict[int, list[int]]) -> np.ndarray:
    array = np.empty((len(pairs), 2), object)
    for row, (query, right) in enumerate(pairs.items()):
        array[row] = query, right
    return array


def save(path: Path, program: bytes, shape: str = '(2, 2)') -> Path:
    head = f"{{'descr': '|O', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + '\n'
    path.write_bytes(b'\x93NUMPY\x01\x00' + len(head).to_bytes(2, 'little') + head.encode()
                     + program)
    return path


@given(PAIRS, st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_reads_what_numpy_writes(tmp_path_factory, pairs, protocol):
    folder = tmp_path_factory.getbasetemp()
    np.save(folder / 'numpy.npy', make(pairs))
    assert read_pairs(folder / 'numpy.npy') == pairs
    program = pickle.dumps(make(pairs), protocol=protocol)
    assert read_pairs(save(folder / 'own.npy', program)) == pairs


def test_reads_what_python_2_wrote(tmp_path):
    assert read_pairs(save(tmp_path / 'a.npy', PYTHON_2)) == {0: [0, 1], 1: [2]}


class Exploit:
    """Would leave a mark if it were ever unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple:
        return Path.touch, (self._mark,)


def test_a_hostile_pickle_is_refused_and_not_run(tmp_path):
    mark = tmp_path / 'mark'
    hostile = make({0: [1]})
    hostile[0, 1] = Exploit(mark)
    np.save(tmp_path / 'object.npy', hostile)
    save(tmp_path / 'bare.npy', pickle.dumps(Exploit(mark)))
    for name in ('object.npy', 'bare.npy'):
        with pytest.raises(DatasetError, match='refuse to unpickle.*named; write them as'):
            read_pairs(tmp_path / name)
    assert not mark.exists()
    pickle.loads(pickle.dumps(Exploit(mark)))
    assert mark.exists()  # it would have


@pytest.mark.parametrize('program', [
    b"cos\nsystem\n(S'true'\ntR.", b"(S'true'\nios\nsystem\n.", b'\x80\x02\x82\x01.',
    b"(cos\nsystem\nS'true'\no.", b'Pid\n.', b"S'id'\nQ.", b'\x8c\x02os\x8c\x06system\x93.',
    b'cnumpy\nndarray\n)\x81.', b'', b'.', b'K\x01.', b'K\x01K\x02.', b'N', b'\xff', b'(((', b'e',
    b'a', b'h\x07.', b'R.', b'b.', b']K\x01b.', b'K\x01K\x02a.', b'q\x00.', b'\x85.'])
def test_other_programs_are_refused(tmp_path, program):
    with pytest.raises(DatasetError, match='refuse to unpickle'):
        read_pairs(save(tmp_path / 'a.npy', program))


@pytest.mark.parametrize('pairs', [
    {0: 1}, {0: 'text'}, {0: [1.5]}, {0: [[1]]}, {0: [None]}, {0: [True]}, {'0': [1]}, {0.5: [1]}])
def test_other_objects_are_refused(tmp_path, pairs):
    np.save(tmp_path / 'a.npy', make(pairs))
    with pytest.raises(DatasetError, match='numbers and lists only'):
        read_pairs(tmp_path / 'a.npy')


def test_other_files_are_refused(tmp_path):
    np.save(tmp_path / 'floats.npy', np.zeros((3, 2)))
    (tmp_path / 'text.npy').write_text('0: [1, 2]')
    (tmp_path / 'empty.npy').write_bytes(b'')
    for name in ('floats.npy', 'text.npy', 'empty.npy'):
        with pytest.raises(DatasetError, match='no array of objects|no .npy file'):
            read_pairs(tmp_path / name)


@given(st.data())
def test_a_damaged_file_is_refused_or_read(tmp_path_factory, data):
    path = save(tmp_path_factory.getbasetemp() / 'damaged.npy', PYTHON_2)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[:data.draw(st.integers(0, len(content)))])
    try:
        pairs = read_pairs(path)
    except DatasetError:
        return
    assert all(type(row) is int for right in pairs.values() for row in right)


def test_the_samples_hold_what_they_claim():
    names = [instruction.name for instruction, _, _ in pickletools.genops(PYTHON_2)]
    assert names[-1] == 'STOP' and names.count('REDUCE') == 2
