# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Local features on disk: round trip, and files that are none or claim to be large."""

import os
import shutil
import struct

from hypothesis import given, HealthCheck, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import MapError
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.place_map.feature_file import check_features, FrameFeatures, write_features
from structvpr_ros.place_map.feature_record import FeatureRecord

RECORD = FeatureRecord('xfeat', 5, 8)
HEADER = 56


def features_of(count: int) -> LocalFeatures:
    points = np.arange(2.0 * count, dtype=np.float32).reshape(-1, 2)
    return LocalFeatures(points, np.eye(8, dtype=np.float32)[:count])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / 'map' / 'features.bin'
    path.parent.mkdir()
    write_features(path, RECORD, (RECORD.encode(features_of(count)) for count in (3, 0, 5)))
    return path


def test_round_trip(path) -> None:
    features = FrameFeatures(path, 3)
    assert features.record == RECORD and len(features) == 3
    for row, count in enumerate((3, 0, 5)):
        np.testing.assert_array_equal(features[row].points, features_of(count).points)
        np.testing.assert_array_equal(features[row].descriptors, features_of(count).descriptors)
        assert features.stored(row) == RECORD.encode(features_of(count))
    with pytest.raises(IndexError):
        features[3]
    check_features(path, 3)


def test_an_open_file_outlives_its_folder(path) -> None:
    features = FrameFeatures(path, 3)
    shutil.rmtree(path.parent)
    assert len(features[2]) == 5


def test_files_that_are_none(path, tmp_path) -> None:
    with pytest.raises(MapError, match='expected a file of the place map, found none'):
        FrameFeatures(tmp_path / 'nowhere', 3)
    with pytest.raises(MapError, match='expected local features of 4 frames.*found.* of 3'):
        FrameFeatures(path, 4)
    for length in (0, 10, HEADER, path.stat().st_size - 1):
        os.truncate(path, length)
        with pytest.raises(MapError, match='features.bin: expected'):
            FrameFeatures(path, 3)


@pytest.mark.parametrize('header', [
    struct.pack('<8s32sQII', b'SVPRLF01', b'surf', 3, 5, 8),
    struct.pack('<8s32sQII', b'SVPRLF02', b'xfeat', 3, 5, 8),
    struct.pack('<8s32sQII', b'SVPRLF01', b'xfeat', 2 ** 64 - 1, 5, 8),
    struct.pack('<8s32sQII', b'SVPRLF01', b'xfeat', 3, 2 ** 32 - 1, 2 ** 32 - 1),
    struct.pack('<8s32sQII', b'SVPRLF01', b'xfeat', 3, 0, 8),
    struct.pack('<8s32sQII', b'SVPRLF01', b'xfeat', 3, 512, 4096),
    struct.pack('<8s32sQII', b'SVPRLF01', b'\xff' * 32, 3, 5, 8)])
def test_headers_that_lie(path, header) -> None:
    path.write_bytes(header + path.read_bytes()[HEADER:])
    with pytest.raises(MapError, match='features.bin: expected'):
        FrameFeatures(path, 3)


def test_a_frame_of_more_than_there_can_be(path) -> None:
    content = bytearray(path.read_bytes())
    content[HEADER + RECORD.dtype.itemsize] = 6
    path.write_bytes(content)
    features = FrameFeatures(path, 3)
    assert len(features[0]) == 3
    told = r'features.bin: row 1: expected at most 5 features of a frame, found 6: corrupt'
    with pytest.raises(MapError, match=told):
        features[1]
    with pytest.raises(MapError, match=told):
        check_features(path, 3)


@settings(max_examples=60, suppress_health_check={HealthCheck.function_scoped_fixture})
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=8),
       st.one_of(st.none(), st.integers(0, 300)))
def test_damaged_files_are_read_or_refused(path, changes, length) -> None:
    content = bytearray(path.read_bytes())
    for place, value in changes:
        content[place % len(content)] = value
    damaged = path.with_name('damaged.bin')
    damaged.write_bytes(content[:length])
    try:
        for features in FrameFeatures(damaged, 3):
            assert len(features) <= 512
    except MapError as error:
        assert '\n' not in str(error) and len(str(error)) < 500
