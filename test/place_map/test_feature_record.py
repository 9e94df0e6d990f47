# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The record of a frame's local features: what is lost, what is not, and what is refused."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import MapError
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.place_map.feature_record import FeatureRecord

SEEDS = st.integers(0, 10_000)


def some(seed: int, count: int, size: int, signs: bool = False) -> LocalFeatures:
    random = np.random.default_rng(seed)
    descriptors = random.normal(size=(count, size))
    if signs:
        descriptors = np.where(descriptors > 0, 1.0, -1.0)
    descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
    return LocalFeatures(random.uniform(0, (320, 256), (count, 2)).astype(np.float32),
                         descriptors.astype(np.float32))


def stored(record: FeatureRecord, features: LocalFeatures) -> LocalFeatures:
    return record.decode(np.frombuffer(record.encode(features), record.dtype)[0])


@given(SEEDS, st.integers(0, 20), st.sampled_from((8, 64, 128)))
def test_little_is_lost(seed: int, count: int, size: int) -> None:
    features = some(seed, count, size)
    back = stored(FeatureRecord('xfeat', 20, size), features)
    assert len(back) == count
    assert np.abs(back.points - features.points).max(initial=0) <= 1 / 256 + 1e-5
    # A similarity, 1 at most, is off by some thousandths.
    assert np.abs(back.descriptors @ back.descriptors.T
                  - features.descriptors @ features.descriptors.T).max(initial=0) < 0.02
    assert np.allclose(np.linalg.norm(back.descriptors, axis=1), 1, atol=1e-6)


@given(SEEDS, st.integers(0, 30), st.sampled_from(('xfeat', 'orb')))
def test_stored_again_it_stays_the_same(seed: int, count: int, kind: str) -> None:
    record = FeatureRecord(kind, 20, 32)
    once = record.encode(some(seed, count, 32, kind == 'orb'))
    assert record.encode(record.decode(np.frombuffer(once, record.dtype)[0])) == once
    assert len(once) == record.dtype.itemsize


@given(SEEDS)
def test_bits_are_exact(seed: int) -> None:
    features = some(seed, 9, 256, signs=True)
    record = FeatureRecord('orb', 9, 256)
    np.testing.assert_array_equal(stored(record, features).descriptors, features.descriptors)
    assert record.dtype.itemsize == 2 + 9 * (4 + 32)


def test_a_slow_oracle_of_the_bytes() -> None:
    features = LocalFeatures(np.array([[1.5, 255.996], [320.0, -3.0]], np.float32),
                             np.array([[0.6, -0.8], [0.0, 1.0]], np.float32))
    expected = bytes([2, 0, 192, 0, 0xff, 0x7f, 0, 160, 0, 0, 0, 0, 0, 0,
                      95, 256 - 127, 0, 127, 0, 0])
    assert FeatureRecord('sift', 3, 2).encode(features) == expected


def test_the_strongest_are_kept() -> None:
    features = some(0, 30, 16)
    back = stored(FeatureRecord('sift', 7, 16), features)
    np.testing.assert_allclose(back.points, features.points[:7], atol=1 / 256 + 1e-5)


@pytest.mark.parametrize('record', [
    ('xfeat', 0, 64), ('xfeat', 513, 64), ('xfeat', 9, 0), ('xfeat', 9, 5000), ('orb', 9, 12)])
def test_what_cannot_be_stored(record: tuple) -> None:
    with pytest.raises(MapError, match='features a frame, with descriptors'):
        FeatureRecord(*record)


@given(st.binary(min_size=2 + 4 * 12, max_size=2 + 4 * 12))
def test_any_bytes_are_features_or_too_many(content: bytes) -> None:
    record = FeatureRecord('xfeat', 4, 8)
    try:
        features = record.decode(np.frombuffer(content, record.dtype)[0])
    except MapError:
        assert int.from_bytes(content[:2], 'little') > 4
        return
    assert np.all((features.points >= 0) & (features.points <= (320, 256)))
    lengths = np.linalg.norm(features.descriptors, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))
