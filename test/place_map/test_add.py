# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Adding to a map: the new images are described, the old ones keep what they have."""

from dataclasses import replace

import numpy as np
import pytest

from structvpr_ros.data.bags.options import BagOptions
from structvpr_ros.data.place_groups import Grouping
from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.inference.onnx_engine import OnnxEngine
from structvpr_ros.place_map.add import add_to_map, AddOptions
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.place_map.descriptor_log import DescriptorLog
from structvpr_ros.place_map.meta import INDEX
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.remove import remove_from_map, RemoveOptions
from structvpr_ros.storage import changing_folder


@pytest.fixture
def day(tiny_dataset, tiny_bundle, tmp_path):
    """Give the options that built a map of the day; the folder is theirs."""
    options = AddOptions(tiny_dataset, tiny_bundle, tmp_path / 'map', condition='day')
    build_map(options)
    return options


@pytest.fixture
def described(monkeypatch):
    """Give a list that grows by the number of images of each batch that is described."""
    counts = []
    describe = OnnxEngine.describe

    def counting(engine, images):
        counts.append(len(images))
        return describe(engine, images)
    monkeypatch.setattr(OnnxEngine, 'describe', counting)
    return counts


def test_only_what_is_new_is_described(day, described, tmp_path):
    before = PlaceMap.open(day.output)
    add_to_map(replace(day, condition=None))
    assert sum(described) == 6
    place_map = PlaceMap.open(day.output)
    assert [frame.condition for frame in place_map.frames] == ['day'] * 6 + ['night'] * 6
    assert place_map.frames[:6] == before.frames
    assert np.array_equal(place_map.descriptors()[:6], before.descriptors())
    for row in range(6):
        assert place_map.thumbnails.jpeg(row) == before.thumbnails.jpeg(row)
    assert place_map.thumbnails.read(11).shape == (60, 80, 3)
    assert [path.name for path in tmp_path.iterdir()] == ['map']


def test_added_is_as_good_as_built(day, tmp_path):
    add_to_map(replace(day, condition='night'))
    day_and_night = BuildMapOptions(day.dataset, day.model, tmp_path / 'whole')
    whole, grown = (PlaceMap.open(folder) for folder in (build_map(day_and_night), day.output))
    order = {frame.image: frame.row for frame in grown.frames}
    rows = [order[frame.image] for frame in whole.frames]
    np.testing.assert_allclose(grown.descriptors()[rows], whole.descriptors(), atol=1e-5)


class Interrupted(DescriptorLog):
    """A log whose user presses Ctrl-C after the first batch."""

    def append(self, descriptors):
        super().append(descriptors)
        raise KeyboardInterrupt


def test_what_was_interrupted_goes_on_and_left_the_map_alone(day, described, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr('structvpr_ros.place_map.describing.DescriptorLog', Interrupted)
        with pytest.raises(KeyboardInterrupt):
            add_to_map(replace(day, condition='night'))
    assert len(PlaceMap.open(day.output)) == 6
    add_to_map(replace(day, condition='night'))
    assert len(PlaceMap.open(day.output)) == 12 and sum(described) == 6


def test_nothing_new_changes_nothing(day, described, caplog):
    caplog.set_level('INFO')
    before = (day.output / INDEX).stat().st_ino
    add_to_map(day)
    assert described == [] and (day.output / INDEX).stat().st_ino == before
    assert 'has all of these images' in caplog.text


def test_bags_join_a_data_set(day, record_bag, tmp_path):
    with record_bag(tmp_path / 'walk') as walk:
        for step in range(3):
            walk.odometry(100.0 + step, 3.0 * step, 0.0)
            walk.image(100.0 + step, np.full((6, 8, 3), 90 * step, np.uint8))
    add_to_map(AddOptions(None, day.model, day.output, thumbnails=0,
                          bags=BagOptions((walk.path,))))
    place_map = PlaceMap.open(day.output)
    assert [frame.source for frame in place_map.frames] == ['tiny_dataset'] * 6 + ['walk'] * 3
    assert place_map.thumbnails.rows() == list(range(6))


def test_fixes_count_from_the_origin_of_the_map(day, record_bag, tmp_path):
    for name, start in (('one', 48.0), ('two', 48.001)):
        with record_bag(tmp_path / name) as walk:
            for step in range(2):
                walk.fix(100.0 + step, start + 1e-4 * step, 11.0)
                walk.image(100.0 + step, np.full((6, 8, 3), 90 * step, np.uint8))
    options = AddOptions(None, day.model, tmp_path / 'walks', bags=BagOptions((tmp_path / 'one',)))
    build_map(options)
    more = replace(options, bags=BagOptions((tmp_path / 'two',)))
    add_to_map(more)
    assert PlaceMap.open(options.output).frames[2].y == pytest.approx(111.2, abs=0.1)
    with pytest.raises(ConfigurationError, match='expected positions from the origin of'):
        add_to_map(replace(more, bags=replace(more.bags, origin=(48.0, 11.5, 0.0))))
    with pytest.raises(ConfigurationError, match='which has none'):
        add_to_map(replace(more, output=day.output))


def test_what_does_not_fit_is_refused(day, make_map):
    with pytest.raises(ConfigurationError, match="expected frame_id 'map', as .* found 'town'"):
        add_to_map(replace(day, frame_id='town'))
    with pytest.raises(MapError, match='expected the model that built this map'):
        add_to_map(replace(day, output=make_map('other')))
    with pytest.raises(ConfigurationError, match='expected a folder, found none'):
        add_to_map(replace(day, output=day.output / 'nowhere'))
    with changing_folder(day.output):
        with pytest.raises(ConfigurationError, match='another process is changing it'):
            add_to_map(day)


def test_images_of_a_data_set_join_places_by_position(day, tmp_path):
    # Places of the set are 20 m apart: by 25 m every other one founds one.
    by_position = replace(day, output=tmp_path / 'by_position', place_radius=25.0)
    build_map(by_position)
    expected = [f'place_{number}' for number in (0, 0, 2, 2, 4, 4)]
    assert [frame.place for frame in PlaceMap.open(by_position.output).frames] == expected
    add_to_map(replace(by_position, condition='night'))
    assert [frame.place for frame in PlaceMap.open(by_position.output).frames] == 2 * expected


def test_what_made_images_one_place_is_remembered(day, tmp_path):
    built = replace(day, output=tmp_path / 'by_position', place_radius=25.0)
    build_map(built)
    later = replace(day, output=built.output, condition='night')
    add_to_map(later)
    place_map = PlaceMap.open(built.output)
    assert place_map.meta.places == 3 and place_map.meta.grouping == Grouping(25.0)
    remove_from_map(RemoveOptions(built.output, condition='night'))
    # Another rule than before: the next one has to be told which of the two is meant.
    add_to_map(replace(later, place_radius=0.0))
    place_map = PlaceMap.open(built.output)
    assert place_map.meta.places == 6 and place_map.meta.grouping == Grouping()


def test_a_later_drive_joins_the_places_of_the_first(tiny_bundle, record_bag, tmp_path):
    for name, start in (('one', 0.0), ('two', 1.0)):
        with record_bag(tmp_path / name) as drive:
            for step in range(4):
                drive.odometry(100.0 + step, start + 3.0 * step, 0.0)
                drive.image(100.0 + step, np.full((6, 8, 3), 60 * step, np.uint8))
    options = AddOptions(None, tiny_bundle, tmp_path / 'map',
                         place_radius=4.0, bags=BagOptions((tmp_path / 'one',)))
    build_map(options)
    add_to_map(replace(options, bags=replace(options.bags, paths=(tmp_path / 'two',))))
    frames = PlaceMap.open(options.output).frames
    first, second = frames[0].image, frames[2].image
    assert [frame.place for frame in frames] == [first, first, second, second,
                                                 first, second, second, second]
