# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Chunks that unfold to more than one may believe."""

import bz2

import pytest
from rosbags.rosbag1 import reader as ros_1
from rosbags.rosbag2 import storage_mcap as mcap

from structvpr_ros.data.bags import bounded

PACK = {'bz2': bz2.compress, 'lz4': pytest.importorskip('lz4.frame').compress,
        'zstd': mcap.zstd.compress}
READERS = [(ros_1.decompressors, 'bz2'), (ros_1.decompressors, 'lz4'),
           (mcap.DECOMPRESSORS, 'lz4'), (mcap.DECOMPRESSORS, 'zstd')]


@pytest.mark.parametrize(('decompressors', 'name'), READERS)
def test_a_bomb_does_not_unfold(monkeypatch, decompressors, name):
    bounded.bound_readers()
    monkeypatch.setattr(bounded, 'MOST_BYTES', 1 << 16)
    extra = (5,) if decompressors is mcap.DECOMPRESSORS else ()
    assert decompressors[name](PACK[name](b'whole'), *extra) == b'whole'
    with pytest.raises(ValueError, match='that end within'):
        decompressors[name](PACK[name](bytes(1 << 20)), *extra)
    with pytest.raises(ValueError, match='that end within'):
        decompressors[name](PACK[name](b'cut off' * 50)[:-6], *extra)


def test_what_is_not_compressed_is_left_alone():
    bounded.bound_readers()
    assert ros_1.decompressors['none'](b'plain') == b'plain'
