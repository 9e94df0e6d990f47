# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Decompressing bags up to a size: some kilobytes may unfold to more than the memory or the disk.

The readers of rosbags unpack chunks, messages and files whole, whatever comes of it.
"""

from bz2 import BZ2Decompressor
from contextlib import contextmanager
from functools import partial
from importlib import import_module
import os
from types import SimpleNamespace
from typing import Any, BinaryIO, Callable, Iterator

from rosbags.rosbag1 import reader as ros_1
from rosbags.rosbag2 import reader as ros_2
from rosbags.rosbag2 import storage_mcap as mcap

# Writers close a chunk at some megabytes, or behind the message that exceeds that.
MOST_BYTES = 1 << 29
# A whole file may be larger, but raw images shrink to no less than a hundredth.
MOST_TIMES = 200


def unfold(make: Callable[[], Any], data: bytes, size: int = 0) -> bytes:
    """
    Decompress a whole stream.

    :param make: makes a decompressor with the interface of ``bz2.BZ2Decompressor``.
    :param size: what the bag says; it is not believed.
    :raises ValueError: it unfolds to more than ``MOST_BYTES``, or has no end.
    """
    stream = make()
    unfolded = stream.decompress(data, MOST_BYTES)
    if not stream.eof:
        raise ValueError(f'expected compressed data that end within {MOST_BYTES} bytes')
    return unfolded


class BoundedFile:
    """A file that is read up to a size."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        """Let ``most`` bytes through."""
        self._file = file
        self._most = self._left = most

    def read(self, size: int) -> bytes:
        """
        Read on.

        :raises ValueError: there is more than was to be let through.
        """
        block = self._file.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise ValueError(f'expected a compressed file of at most {self._most} bytes')
        return block


@contextmanager
def open_bounded(file: BinaryIO, mode: str) -> Iterator[BoundedFile]:
    """Open a file of zstd that unfolds to what its own size makes likely."""
    with mcap.zstd.open(file, mode) as stream:
        yield BoundedFile(stream, max(MOST_BYTES, MOST_TIMES * os.fstat(file.fileno()).st_size))


def bound_readers() -> None:
    """Let the readers of rosbags unfold no more than that; there is no option for it."""
    # lz4 is a dependency of rosbags, not of ours.
    known = {'bz2': BZ2Decompressor, 'lz4': import_module('lz4.frame').LZ4FrameDecompressor,
             'zstd': mcap.zstd.ZstdDecompressor}
    for decompressors in (ros_1.decompressors, mcap.DECOMPRESSORS):
        decompressors.update({name: partial(unfold, known[name])
                              for name in decompressors if name in known})
    # All that the reader of folders takes from it.
    ros_2.zstd = SimpleNamespace(decompress=partial(unfold, known['zstd']), open=open_bounded)
