# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Several maps made one, and maps that do not go together."""

import numpy as np
import pytest

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.place_groups import Grouping
from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.place_map.merge import merge_maps, MergeOptions
from structvpr_ros.place_map.place_map import PlaceMap


def test_all_images_of_all_maps(make_map, tmp_path):
    maps = (make_map('a', 3, 'monday'), make_map('b', 4, 'tuesday', thumbnails=False),
            make_map('c', 2, 'friday'))
    merged = PlaceMap.open(merge_maps(MergeOptions(maps, tmp_path / 'all')))
    parts = [PlaceMap.open(folder) for folder in maps]
    assert [frame.source for frame in merged.frames] == \
        ['monday'] * 3 + ['tuesday'] * 4 + ['friday'] * 2
    assert np.array_equal(merged.descriptors(),
                          np.concatenate([part.descriptors() for part in parts]))
    assert merged.thumbnails.rows() == [0, 1, 2, 7, 8]
    assert merged.thumbnails.jpeg(8) == b'friday 1'


def test_images_that_are_in_both_are_told_and_taken_once(make_map, caplog):
    maps = (make_map('a', 3), make_map('b', 5))
    before = PlaceMap.open(maps[0]).descriptors()
    merge_maps(MergeOptions(maps, maps[0]))
    merged = PlaceMap.open(maps[0])
    assert [frame.image for frame in merged.frames] == [f'{row}.png' for row in range(5)]
    assert np.array_equal(merged.descriptors()[:3], before)
    assert 'b: 3 of 5 images are in a map before it already' in caplog.text


@pytest.mark.parametrize(('second', 'merged'), [
    (Grouping(4.0), Grouping(4.0)), (Grouping(5.0), Grouping()), (Grouping(), Grouping())])
def test_what_made_images_one_place_stays_where_all_agree(make_map, tmp_path, second, merged):
    maps = (make_map('a', grouping=Grouping(4.0)),
            make_map('b', source='tuesday', grouping=second))
    merge_maps(MergeOptions(maps, tmp_path / 'all'))
    assert PlaceMap.open(tmp_path / 'all').meta.grouping == merged


def test_a_map_that_brings_nothing_new(make_map, tmp_path):
    folder = make_map()
    assert len(PlaceMap.open(merge_maps(MergeOptions((folder, folder), tmp_path / 'all')))) == 4


@pytest.mark.parametrize(('changes', 'told'), [
    ({'fingerprint': 'e' * 64}, 'the fingerprint of'), ({'frame_id': 'town'}, 'the frame_id of'),
    ({'origin': GeoPoint(48.0, 11.0)}, 'the origin of .*, None; found GeoPoint')])
def test_maps_that_do_not_go_together(make_map, tmp_path, changes, told):
    maps = (make_map('a'), make_map('b', source='tuesday', **changes))
    with pytest.raises(MapError, match=f'b: expected {told}'):
        merge_maps(MergeOptions(maps, tmp_path / 'all'))
    assert not (tmp_path / 'all').exists()


def test_one_map_is_no_merge(tmp_path):
    with pytest.raises(ConfigurationError, match='two maps or more, found 1'):
        MergeOptions((tmp_path,), tmp_path)
