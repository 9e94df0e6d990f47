# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Decompressing the chunks of bags up to a size: some kilobytes may unfold to more than the memory.

The readers of rosbags unpack a chunk whole, whatever comes of it.
"""

from bz2 import BZ2Decompressor
from functools import partial
from importlib import import_module
from typing import Any, Callable

from rosbags.rosbag1 import reader as ros_1
from rosbags.rosbag2 import storage_mcap as mcap

# Writers close a chunk at some megabytes, or behind the message that exceeds that.
MOST_BYTES = 1 << 29


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


def bound_readers() -> None:
    """Let the readers of rosbags unfold no more than that; there is no option for it."""
    # lz4 is a dependency of rosbags, not of ours.
    known = {'bz2': BZ2Decompressor, 'lz4': import_module('lz4.frame').LZ4FrameDecompressor,
             'zstd': mcap.zstd.ZstdDecompressor}
    for decompressors in (ros_1.decompressors, mcap.DECOMPRESSORS):
        decompressors.update({name: partial(unfold, known[name])
                              for name in decompressors if name in known})
