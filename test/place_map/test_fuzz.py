# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Maps from elsewhere: whatever their bytes are, a map opens or tells why not.

The hashes of map.yaml are made right again after each damage, as who means harm would, so that
the readers behind them see the damage. By ``make fuzz`` thousands of cases run, and are counted.
"""

from hypothesis import event, given, HealthCheck, settings, strategies as st
import pytest
import yaml

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.calibration import Calibration, store_calibration
from structvpr_ros.place_map.content import FeatureContent
from structvpr_ros.place_map.feature_record import FeatureRecord
from structvpr_ros.place_map.inspect_map import check_map, MapOptions
from structvpr_ros.place_map.meta import (CALIBRATION, FEATURES, FRAMES, INDEX, META,
                                          THUMBNAILS)
from structvpr_ros.place_map.place_map import PlaceMap

FILES = (META, INDEX, FRAMES, THUMBNAILS, FEATURES, CALIBRATION)
SHARED = {HealthCheck.function_scoped_fixture, HealthCheck.too_slow}


@pytest.fixture
def whole(make_map):
    record = FeatureRecord('xfeat', 3, 8)
    folder = make_map(count=5, features=FeatureContent(
        record, [bytes([3, 0]) + bytes(range(record.dtype.itemsize - 2))] * 5))
    store_calibration(folder, Calibration(
        0.5, 0.0, 0.99, 1.0, 0.5, 0.5, 0.5, 0.5, 2, 5, 5, 0.5, ((0.5, 1.0, 0.5),)))
    return folder


def attack(folder):
    """Open a map that may be damaged."""
    for look in (PlaceMap.open, lambda folder: check_map(MapOptions(folder)),
                 lambda folder: list(PlaceMap.open(folder).features or ())):
        try:
            look(folder)
            event('opened')
        except MapError as error:
            event('refused')
            assert '\n' not in str(error) and len(str(error)) < 5000


CHANGES = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=12)
LENGTHS = st.one_of(st.none(), st.integers(0, 1 << 14))


@settings(max_examples=60, suppress_health_check=SHARED)
@given(name=st.sampled_from(FILES), changes=CHANGES, length=LENGTHS)
def test_a_damaged_map_opens_or_tells_why(whole, damage, name, changes, length):
    attack(damage(whole, name, changes, length))


@pytest.mark.slow
@settings(max_examples=4000, suppress_health_check=SHARED)
@given(name=st.sampled_from(FILES), changes=CHANGES, length=LENGTHS)
def test_many_damaged_maps_open_or_tell_why(whole, damage, name, changes, length):
    attack(damage(whole, name, changes, length))


@pytest.mark.parametrize('name', FILES)
def test_a_file_that_is_a_link_is_read_as_data_alone(whole, tmp_path, name):
    # A link may name any file of the machine: what is there is no map, and none of it is told.
    secret = tmp_path / 'secret'
    secret.write_text('the password')
    (whole / name).unlink()
    (whole / name).symlink_to(secret)
    with pytest.raises(MapError, match=f'{name}: ') as caught:
        check_map(MapOptions(whole))
    assert 'the password' not in str(caught.value)
    with pytest.raises(MapError, match=f'{name}: expected a file of the place map, found a link'):
        PlaceMap.open(whole)


@pytest.mark.parametrize('count', [2 ** 40, 2 ** 63, 10 ** 400])
def test_a_head_that_claims_absurd_numbers(whole, count):
    head = yaml.safe_load((whole / META).read_text())
    head.update(frames=count, places=count)
    (whole / META).write_text(yaml.safe_dump(head))
    with pytest.raises(MapError):
        PlaceMap.open(whole)
