# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Pairs from a .npy file of Python objects, without unpickling it.

NumPy stores objects as a pickle, a program that can do anything. VPR-Bench's ground truth is such
a file, though it holds numbers and lists only. So its instructions are read one by one, by
``pickletools``, which runs nothing; the few that make numbers and lists are followed, the frame
that NumPy puts around them is recognised by name, and anything else is refused.
"""

from pathlib import Path
import pickletools
from typing import Any

from structvpr_ros.errors import DatasetError

# The calls by which NumPy rebuilds an array; none is made here.
_FRAME = {f'{module} {name}' for module, name in (
    ('numpy.core.multiarray', '_reconstruct'), ('numpy._core.multiarray', '_reconstruct'),
    ('numpy', 'ndarray'), ('numpy', 'dtype'), ('_codecs', 'encode'))}
_NUMBERS = ('BININT', 'BININT1', 'BININT2', 'INT', 'LONG', 'LONG1')
_TEXTS = ('BINSTRING', 'BINUNICODE', 'SHORT_BINBYTES', 'SHORT_BINSTRING', 'SHORT_BINUNICODE',
          'BINBYTES')
_CONSTANTS = {'NONE': None, 'NEWFALSE': False, 'NEWTRUE': True}
_KEEP = ('BINPUT', 'LONG_BINPUT', 'PUT')
_FETCH = ('BINGET', 'LONG_BINGET', 'GET')
_TUPLES = {'EMPTY_TUPLE': 0, 'TUPLE1': 1, 'TUPLE2': 2, 'TUPLE3': 3}
_MARK = object()
_LIMIT = 1 << 28  # bytes


class _Array:
    """What stands for an array while its pickle is read: the state it would be given."""

    state: Any = None


class _Refused(Exception):
    """An instruction that numbers and lists do not need."""


def read_pairs(path: Path) -> dict[int, list[int]]:
    """
    Read the pairs of a VPR-Bench ground truth: per query number the right reference numbers.

    :raises DatasetError: the file is no array of objects, or holds anything but numbers and lists.
    """
    if path.stat().st_size > _LIMIT:
        raise DatasetError(f'{path}: expected at most {_LIMIT} bytes')
    try:
        values = _follow(_pickle_of(path.read_bytes()))
        return _pairs(values)
    except (_Refused, ValueError, LookupError, TypeError) as error:
        raise DatasetError(
            f'{path}: expected numbers and lists only, and refuse to unpickle anything else: '
            f'{error}; write them as ground_truth.json instead') from error


def _pickle_of(content: bytes) -> bytes:
    if content[:6] != b'\x93NUMPY' or len(content) < 12:
        raise _Refused('no .npy file')
    width = 2 if content[6] == 1 else 4
    start = 8 + width
    end = start + int.from_bytes(content[8:start], 'little')
    if b"'|O'" not in content[start:end]:
        raise _Refused('no array of objects')
    return content[end:]


def _follow(program: bytes) -> list[Any]:
    machine = _Machine()
    for instruction, argument, _ in pickletools.genops(program):
        machine.step(instruction.name, argument)
    array, = machine.stack
    if not isinstance(array, _Array) or not isinstance(array.state, tuple):
        raise _Refused('no array')
    *_, values = array.state
    return values


def _pairs(values: Any) -> dict[int, list[int]]:
    if not isinstance(values, list) or len(values) % 2:
        raise _Refused('no pairs')
    pairs = {}
    for query, right in zip(values[::2], values[1::2]):
        if type(query) is not int or not isinstance(right, (list, tuple)) \
                or any(type(row) is not int for row in right):
            raise _Refused(f'no query number and list of reference numbers in pair {len(pairs)}')
        pairs[query] = list(right)
    return pairs


class _Machine:
    """Follows the instructions of a pickle that make numbers, texts, lists and tuples."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> None:
        """Follow one instruction."""
        if name in _NUMBERS or name in _TEXTS:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _KEEP:
            self._memo[int(argument)] = self.stack[-1]
        elif name == 'MEMOIZE':
            self._memo[len(self._memo)] = self.stack[-1]
        elif name in _FETCH:
            self.stack.append(self._memo[int(argument)])
        elif name == 'MARK':
            self.stack.append(_MARK)
        elif name in _TUPLES:
            self._make_tuple(_TUPLES[name])
        elif name == 'TUPLE':
            self.stack.append(tuple(self._to_mark()))
        else:
            self._step_list_or_frame(name, argument)

    def _step_list_or_frame(self, name: str, argument: Any) -> None:
        if name == 'EMPTY_LIST':
            self.stack.append([])
        elif name == 'LIST':
            self.stack.append(self._to_mark())
        elif name in ('APPEND', 'APPENDS'):
            values = self._to_mark() if name == 'APPENDS' else [self.stack.pop()]
            self._list().extend(values)
        elif name == 'GLOBAL':
            self._name(argument)
        elif name == 'STACK_GLOBAL':
            function, module = self.stack.pop(), self.stack.pop()
            self._name(f'{module} {function}')
        elif name == 'REDUCE':
            del self.stack[-2:]
            self.stack.append(_Array())
        elif name == 'BUILD':
            state, array = self.stack.pop(), self.stack[-1]
            if not isinstance(array, _Array):
                raise _Refused('a state for something else than an array')
            array.state = state
        elif name not in ('PROTO', 'FRAME', 'STOP'):
            raise _Refused(f'instruction {name}')

    def _name(self, name: str) -> None:
        if name not in _FRAME:
            raise _Refused(f'{name} named')
        self.stack.append(name)

    def _make_tuple(self, size: int) -> None:
        values = [self.stack.pop() for _ in range(size)]
        self.stack.append(tuple(reversed(values)))

    def _list(self) -> list[Any]:
        if not isinstance(self.stack[-1], list):
            raise _Refused('something appended to no list')
        return self.stack[-1]

    def _to_mark(self) -> list[Any]:
        values: list[Any] = []
        while (value := self.stack.pop()) is not _MARK:
            values.append(value)
        return values[::-1]
