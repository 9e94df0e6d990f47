# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Trajectories in files of all three formats, and in none."""

import math

import numpy as np
import pytest

from structvpr_ros.data.bags.trajectory_file import read_trajectory
from structvpr_ros.errors import DatasetError


@pytest.fixture
def write(tmp_path):
    def write(text, name='poses.txt'):
        (tmp_path / name).write_text(text)
        return tmp_path / name
    return write


def at(path, second, max_gap=2.0):
    return read_trajectory(path, max_gap).at(round(second * 1e9))


def test_tum(write):
    path = write('# stamp x y z qx qy qz qw\n'
                 '1700000000.5 1 2 9 0 0 0 1\n\n1700000001.5 3 4 9 0 0 0.7071068 0.7071068\n')
    assert at(path, 1700000001.0) == pytest.approx((2, 3, math.pi / 4), abs=1e-5)


def test_kitti(write):
    # The second camera stands 2 m ahead and 1 m to the right, and looks to the right.
    right = '0 0 1 1  0 1 0 0  -1 0 0 2'
    path = write(f'1 0 0 0  0 1 0 0  0 0 1 0\n{right}\n')
    write('0.0e+00\n1.0e+00\n', 'times.txt')
    assert at(path, 0) == pytest.approx((0, 0, 0))
    assert at(path, 1) == pytest.approx((2, -1, -math.pi / 2))


def test_csv(write):
    path = write('stamp,x,y,heading\n0,1,2,\n1,3,4,0.5\n2,5,6,0.7\n', 'poses.csv')
    assert at(path, 1.5) == pytest.approx((4, 5, 0.6))
    assert math.isnan(at(path, 0).heading)
    path = write('\ufeffStamp, x, y\r\n0,1,2\r\n1,3,4\r\n')
    assert at(path, 0.5)[:2] == (2, 3)


@pytest.mark.parametrize(('text', 'told'), [
    ('', 'expected poses, found no line'),
    ('# nothing\n', 'expected poses, found no line'),
    ('1 2 3\n', 'expected 8 numbers a line .* found 3'),
    ('1 2 3 4 5 6 7 8\n1 2\n', 'expected numbers'),
    ('1 2 3 4 5 6 7 eight\n', 'expected numbers'),
    ('stamp,x\n0,1\n', 'expected stamp,x,y'),
    ('stamp,x,y\n', 'found no line but the first'),
    ('stamp,x,y\n0,1,2,3\n', 'expected 3 values a line, found 4'),
    ('stamp,x,y\n0,nan,2\n', 'none that is finite'),
    ('stamp,x,y\nnan,1,2\n', 'expected stamps in seconds'),
    ('stamp,x,y\n1700000000000000000,1,2\n', 'expected stamps in seconds'),
    ('1 0 0 0 0 1 0 0 0 0 1 0\n', 'times.txt: expected a file, found none')])
def test_what_is_no_trajectory(write, text, told):
    with pytest.raises(DatasetError, match=told):
        read_trajectory(write(text), 1.0)


def test_kitti_with_another_number_of_times(write):
    path = write('1 0 0 0 0 1 0 0 0 0 1 0\n')
    write('0\n1\n', 'times.txt')
    with pytest.raises(DatasetError, match='expected a stamp for each of 1 lines'):
        read_trajectory(path, 1.0)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / 'poses').write_bytes(np.arange(128, 256, dtype=np.uint8).tobytes())
    with pytest.raises(DatasetError, match='expected text'):
        read_trajectory(tmp_path / 'poses', 1.0)
    with pytest.raises(DatasetError, match='expected a file'):
        read_trajectory(tmp_path / 'gone', 1.0)
