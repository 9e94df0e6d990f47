# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The descriptors of an unfinished build: what is whole comes back, and nothing else."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.descriptor_log import DescriptorLog

KEY, OTHER = b'k' * 32, b'o' * 32
ROWS = np.eye(4, dtype=np.float32)


def test_rows_come_back_under_the_same_key(tmp_path):
    with DescriptorLog(tmp_path / 'log', KEY, 4) as log:
        assert log.read().shape == (0, 4) and len(log) == 0
        log.append(ROWS[:1])
        log.append(ROWS[1:3])
        np.testing.assert_array_equal(log.read(), ROWS[:3])
    with DescriptorLog(tmp_path / 'log', KEY, 4) as log:
        np.testing.assert_array_equal(log.read(), ROWS[:3])
        log.append(ROWS[3:])
        np.testing.assert_array_equal(log.read(), ROWS)
        assert len(log) == 4


def test_another_key_starts_anew(tmp_path):
    with DescriptorLog(tmp_path / 'log', KEY, 4) as log:
        log.append(ROWS)
    with DescriptorLog(tmp_path / 'log', OTHER, 4) as log:
        assert len(log.read()) == 0
        log.append(ROWS[:1])
    with DescriptorLog(tmp_path / 'log', OTHER, 4) as log:
        np.testing.assert_array_equal(log.read(), ROWS[:1])


@given(st.integers(0, 32 + 3 * 16))
def test_a_torn_end_is_cut(tmp_path_factory, length):
    path = tmp_path_factory.getbasetemp() / 'torn'
    path.write_bytes((KEY + ROWS[:3].tobytes())[:length])
    with DescriptorLog(path, KEY, 4) as log:
        whole = max(length - 32, 0) // 16
        np.testing.assert_array_equal(log.read(), ROWS[:whole])
        log.append(ROWS[3:])
        np.testing.assert_array_equal(log.read()[-1:], ROWS[3:])


def test_a_hole_that_a_power_cut_left_is_cut(tmp_path):
    rows = ROWS.copy()
    rows[2] = 0
    (tmp_path / 'log').write_bytes(KEY + rows.tobytes())
    with DescriptorLog(tmp_path / 'log', KEY, 4) as log:
        np.testing.assert_array_equal(log.read(), ROWS[:2])


def test_one_process_at_a_time(tmp_path):
    with DescriptorLog(tmp_path / 'log', KEY, 4) as log:
        log.append(ROWS)
        with pytest.raises(MapError, match='another process is writing these'):
            DescriptorLog(tmp_path / 'log', OTHER, 4)
        np.testing.assert_array_equal(log.read(), ROWS)
        log.remove()
    assert list(tmp_path.iterdir()) == []
