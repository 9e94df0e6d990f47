# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Taking images out: the others keep their descriptors, to the bit, and their thumbnails."""

import numpy as np
import pytest

from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.remove import remove_from_map, RemoveOptions


@pytest.mark.parametrize(('wanted', 'kept'), [
    ({'condition': 'day'}, [0, 2]), ({'place': 'p1'}, [0, 1]),
    ({'condition': 'day', 'place': 'p0'}, [0, 2, 3]),
    ({'source': 'monday', 'place': 'p0'}, [2, 3])])
def test_what_is_kept(make_map, wanted, kept):
    folder = make_map()
    before = PlaceMap.open(folder)
    remove_from_map(RemoveOptions(folder, **wanted))
    after = PlaceMap.open(folder)
    assert [frame.image for frame in after.frames] == [f'{row}.png' for row in kept]
    assert [frame.row for frame in after.frames] == list(range(len(kept)))
    assert np.array_equal(after.descriptors(), before.descriptors()[kept])
    assert [after.thumbnails.jpeg(row) for row in range(len(kept))] == [
        f'monday {row}'.encode() for row in kept]


def test_a_map_without_thumbnails(make_map):
    folder = make_map(thumbnails=False)
    remove_from_map(RemoveOptions(folder, place='p0'))
    assert PlaceMap.open(folder).thumbnails is None


def test_what_cannot_be_removed(make_map):
    folder = make_map()
    with pytest.raises(MapError, match="a condition of 'day', 'night', found 'fog'"):
        remove_from_map(RemoveOptions(folder, condition='fog'))
    with pytest.raises(MapError, match='all are to be removed'):
        remove_from_map(RemoveOptions(folder, source='monday'))
    with pytest.raises(ConfigurationError, match='expected a condition, place or source'):
        RemoveOptions(folder)
    assert len(PlaceMap.open(folder)) == 4
