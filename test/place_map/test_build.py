# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Building a map: what is in it, how it goes on after a kill, and what it refuses early."""

from dataclasses import replace
import math
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest

from structvpr_ros.data.bags.options import BagOptions
from structvpr_ros.data.bags.scan import scan_bags
from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.data.photos.photo_images import PhotoOptions
from structvpr_ros.data.resize import resize
from structvpr_ros.errors import ConfigurationError, DatasetError, MapError, ModelError
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.place_map.build import build_map, BuildMapOptions, preview_map
from structvpr_ros.place_map.descriptor_log import DescriptorLog
from structvpr_ros.place_map.meta import INDEX, THUMBNAILS
from structvpr_ros.place_map.place_map import PlaceMap

# Builds a map, and kills itself with SIGKILL once the first batch of descriptors is stored.
DYING = """
import os, signal, sys
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.place_map.descriptor_log import DescriptorLog
append = DescriptorLog.append
def append_and_die(log, rows):
    append(log, rows)
    os.kill(os.getpid(), signal.SIGKILL)
DescriptorLog.append = append_and_die
build_map(BuildMapOptions(*sys.argv[1:4]))
"""


@pytest.mark.parametrize('kind', ['onnx', 'torch'])
def test_a_map_holds_every_image_once(tiny_dataset, tiny_bundle, tmp_path, kind):
    folder = build_map(BuildMapOptions(
        tiny_dataset, tiny_bundle, tmp_path / 'a' / 'map', engine=kind, frame_id='town'))
    place_map = PlaceMap.open(folder)
    assert place_map.meta.frame_id == 'town'
    assert {frame.source for frame in place_map.frames} == {'tiny_dataset'}
    table = read_place_dataset(tiny_dataset)
    assert tuple(frame.image for frame in place_map.frames) == table.images
    engine = create_engine(tiny_bundle)
    for row in range(len(table)):
        image = resize(read_image(table.image_path(row)), engine.card.input_size)
        scores, rows = place_map.search(engine.describe(image[np.newaxis]), 1)
        assert rows.tolist() == [[row]]
        assert scores[0, 0] == pytest.approx(1, abs=1e-4)
    assert [path.name for path in folder.parent.iterdir()] == ['map'], 'nothing is left beside it'


def test_a_map_keeps_thumbnails_unless_told_otherwise(tiny_dataset, tiny_bundle, tmp_path):
    table = read_place_dataset(tiny_dataset)
    original = read_image(table.image_path(3))
    for side, size in ((240, (60, 80)), (40, (30, 40))):
        folder = build_map(BuildMapOptions(
            tiny_dataset, tiny_bundle, tmp_path / f'{side}', thumbnails=side))
        thumbnail = PlaceMap.open(folder).thumbnails.read(3)
        assert thumbnail.shape[:2] == size
        difference = resize(thumbnail, (6, 8)).astype(float) - resize(original, (6, 8))
        assert abs(difference).mean() < 10
    bare = build_map(BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'bare', thumbnails=0))
    assert PlaceMap.open(bare).thumbnails is None
    assert not (bare / THUMBNAILS).exists()


def test_split_and_condition(tiny_dataset, tiny_bundle, tmp_path):
    folder = build_map(BuildMapOptions(
        tiny_dataset, tiny_bundle, tmp_path / 'map', split='test_query', condition='night'))
    assert {frame.condition for frame in PlaceMap.open(folder).frames} == {'night'}
    with pytest.raises(DatasetError, match="no image of condition 'fog'"):
        build_map(BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'fog', condition='fog'))


def test_a_killed_build_goes_on(tiny_dataset, tiny_bundle, tmp_path, caplog):
    caplog.set_level('INFO')
    output = tmp_path / 'map'
    arguments = [str(tiny_dataset), str(tiny_bundle), str(output)]
    died = subprocess.run([sys.executable, '-c', DYING, *arguments], stderr=subprocess.DEVNULL)
    assert died.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.iterdir()] == ['.map.descriptors']
    build_map(BuildMapOptions(tiny_dataset, tiny_bundle, output))
    assert 'going on behind 8 images' in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == ['map']
    whole = build_map(BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'whole'))
    assert (output / INDEX).read_bytes() == (whole / INDEX).read_bytes()


class Interrupted(DescriptorLog):
    """A log whose user presses Ctrl-C after the first batch."""

    def append(self, descriptors):
        super().append(descriptors)
        raise KeyboardInterrupt


@pytest.fixture
def interrupted(tiny_dataset, tiny_bundle, tmp_path, monkeypatch):
    """Give a copy of the data set and where its map was to go, one batch into the build."""
    dataset = shutil.copytree(tiny_dataset, tmp_path / 'dataset')
    output = tmp_path / 'maps' / 'map'
    with monkeypatch.context() as patch:
        patch.setattr('structvpr_ros.place_map.describing.DescriptorLog', Interrupted)
        with pytest.raises(KeyboardInterrupt):
            build_map(BuildMapOptions(dataset, tiny_bundle, output))
    assert [path.name for path in output.parent.iterdir()] == ['.map.descriptors']
    return dataset, output


def test_an_interrupted_build_goes_on(interrupted, tiny_bundle, caplog):
    caplog.set_level('INFO')
    dataset, output = interrupted
    build_map(BuildMapOptions(dataset, tiny_bundle, output))
    assert 'going on behind 8 images' in caplog.text
    assert len(PlaceMap.open(output)) == 12


def test_an_image_that_changed_since_starts_the_build_anew(interrupted, tiny_bundle, caplog):
    caplog.set_level('INFO')
    dataset, output = interrupted
    write_image(dataset / 'images' / 'day' / '000.png', np.zeros((30, 40, 3), np.uint8))
    build_map(BuildMapOptions(dataset, tiny_bundle, output))
    assert 'going on' not in caplog.text
    assert len(PlaceMap.open(output)) == 12


def test_other_images_start_the_build_anew(interrupted, tiny_bundle, caplog):
    caplog.set_level('INFO')
    dataset, output = interrupted
    build_map(BuildMapOptions(dataset, tiny_bundle, output, condition='night'))
    assert 'going on' not in caplog.text
    assert {frame.condition for frame in PlaceMap.open(output).frames} == {'night'}


def test_an_output_that_is_no_map_is_refused_first(tmp_path):
    (tmp_path / 'thesis.tex').write_text('')
    with pytest.raises(ConfigurationError, match='refusing to replace'):
        build_map(BuildMapOptions(tmp_path / 'nowhere', tmp_path / 'nowhere', tmp_path))
    assert (tmp_path / 'thesis.tex').exists()


def test_bad_inputs_leave_nothing(tiny_dataset, tiny_bundle, unexported_bundle, tmp_path):
    output = tmp_path / 'map'
    with pytest.raises(ModelError, match='ros2 run structvpr_ros export'):
        build_map(BuildMapOptions(tiny_dataset, unexported_bundle, output))
    with pytest.raises(DatasetError, match='expected a place data set'):
        build_map(BuildMapOptions(tmp_path / 'nowhere', tiny_bundle, output))
    assert list(tmp_path.iterdir()) == []


def test_two_builds_of_one_map(tiny_dataset, tiny_bundle, tmp_path):
    with DescriptorLog(tmp_path / '.map.descriptors', b'k' * 32, 448):
        with pytest.raises(MapError, match='another process is writing'):
            build_map(BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'map'))


def test_options_that_cannot_work(tmp_path):
    with pytest.raises(ConfigurationError, match='frame_id'):
        BuildMapOptions(tmp_path, tmp_path, tmp_path, frame_id='')
    for thumbnails in (-1, 1025):
        with pytest.raises(ConfigurationError, match='thumbnails'):
            BuildMapOptions(tmp_path, tmp_path, tmp_path, thumbnails=thumbnails)
    for name, value in (('place_radius', -1.0), ('place_radius', math.inf), ('place_angle', 0.0),
                        ('place_angle', 3.2), ('place_radius', math.nan)):
        with pytest.raises(ConfigurationError, match=name):
            BuildMapOptions(tmp_path, tmp_path, tmp_path, **{name: value})


@pytest.fixture
def bags(record_bag, tmp_path):
    """Give two drives past six places 4 m apart, the second one with darker images."""
    random = np.random.default_rng(7)
    blocks = random.integers(0, 256, (6, 6, 8, 3), np.uint8)
    paths = []
    for name, kind in (('day', 'bag'), ('night', 'mcap')):
        with record_bag(tmp_path / 'bags' / name, kind) as drive:
            for place, block in enumerate(blocks):
                drive.odometry(100.0 + place, 4.0 * place, 1.0)
                image = np.kron(block, np.ones((10, 10, 1), np.uint8))
                drive.image(100.0 + place, image if name == 'day' else image // 2 + 10)
        paths.append(drive.path)
    return BagOptions(tuple(paths), conditions=('day', 'night'))


def test_a_map_from_bags(bags, tiny_bundle, tmp_path):
    folder = build_map(BuildMapOptions(None, tiny_bundle, tmp_path / 'map', bags=bags))
    place_map = PlaceMap.open(folder)
    assert [(frame.source, frame.condition) for frame in place_map.frames] == \
        [('day', 'day')] * 6 + [('night', 'night')] * 6
    assert [frame.x for frame in place_map.frames] == [4.0 * place for place in range(6)] * 2
    assert place_map.frames[7].stamp == 101.0
    engine = create_engine(tiny_bundle)
    [images] = scan_bags(replace(bags, paths=bags.paths[1:], conditions=()), 'map')
    for row, load in enumerate(images.loads(range(6))):
        scores, rows = place_map.search(
            engine.describe(resize(load(), engine.card.input_size)[np.newaxis]), 1)
        assert rows.tolist() == [[6 + row]] and scores[0, 0] == pytest.approx(1, abs=1e-4)
        assert place_map.thumbnails.read(6 + row).shape == (60, 80, 3)


def test_a_map_from_fixes_keeps_its_origin(record_bag, tiny_bundle, tmp_path):
    with record_bag(tmp_path / 'walk') as walk:
        for step in range(3):
            walk.fix(100.0 + step, 48.0 + 1e-4 * step, 11.0, 500.0)
            walk.image(100.0 + step, np.full((6, 8, 3), 90 * step, np.uint8))
    folder = build_map(BuildMapOptions(
        None, tiny_bundle, tmp_path / 'map', bags=BagOptions((walk.path,))))
    assert PlaceMap.open(folder).meta.origin == GeoPoint(48.0, 11.0, 500.0)


def test_a_build_from_bags_goes_on(bags, tiny_bundle, tmp_path, monkeypatch, caplog):
    caplog.set_level('INFO')
    options = BuildMapOptions(None, tiny_bundle, tmp_path / 'map', bags=bags)
    with monkeypatch.context() as patch:
        patch.setattr('structvpr_ros.place_map.describing.DescriptorLog', Interrupted)
        with pytest.raises(KeyboardInterrupt):
            build_map(options)
    build_map(options)
    assert 'going on behind 8 images' in caplog.text
    whole = build_map(replace(options, output=tmp_path / 'whole'))
    assert (options.output / INDEX).read_bytes() == (whole / INDEX).read_bytes()


def test_a_preview_writes_nothing(bags, tiny_dataset, tiny_bundle, tmp_path):
    output = tmp_path / 'map'
    told = preview_map(BuildMapOptions(None, tiny_bundle, output, bags=bags))
    assert told.count('6 of 6 images taken') == 2
    assert preview_map(BuildMapOptions(tiny_dataset, tiny_bundle, output)).endswith('12 images')
    assert not output.exists()


def test_a_data_set_or_bags(bags, tmp_path):
    with pytest.raises(ConfigurationError, match='found none of them'):
        BuildMapOptions(None, tmp_path, tmp_path)
    with pytest.raises(ConfigurationError, match='found dataset and bags.paths'):
        BuildMapOptions(tmp_path, tmp_path, tmp_path, bags=bags)
    with pytest.raises(ConfigurationError, match='bags.conditions'):
        BuildMapOptions(None, tmp_path, tmp_path, condition='day', bags=bags)


@pytest.mark.parametrize(('angle', 'expected'), [
    (0.5, [0, 1, 0, 1, 4, 5]), (1.1, [0, 0, 0, 3, 3, 3])])
def test_places_of_a_data_set_by_position_and_view(tiny_bundle, tmp_path, angle, expected):
    # Six images 3 m apart, every other one turned by a radian.
    turned = (0.0, 1.0, 0.0, 1.0, 1.0, 0.0)
    rows = [f'{number}.png,{3 * number},0,{turn}' for number, turn in enumerate(turned)]
    for number in range(6):
        write_image(tmp_path / 'set' / 'images' / f'{number}.png',
                    np.full((48, 64, 3), 40 * number, np.uint8))
    (tmp_path / 'set' / 'places.csv').write_text('\n'.join(['image,x,y,heading', *rows]))
    place_map = PlaceMap.open(build_map(BuildMapOptions(
        tmp_path / 'set', tiny_bundle, tmp_path / 'map', place_radius=7.0, place_angle=angle)))
    assert [frame.place for frame in place_map.frames] == [
        f'set/{founder}' for founder in expected]


def test_places_by_position_need_positions(tiny_bundle, tmp_path):
    write_image(tmp_path / 'set' / 'images' / 'a.png', np.zeros((48, 64, 3), np.uint8))
    (tmp_path / 'set' / 'places.csv').write_text('image,place\na.png,here\n')
    with pytest.raises(DatasetError, match='set: expected positions, .* found none'):
        build_map(BuildMapOptions(tmp_path / 'set', tiny_bundle, tmp_path / 'map',
                                  place_radius=7.0))


def test_photographs_lie_where_their_headers_say(tiny_bundle, tmp_path):
    from PIL import Image
    for number in range(3):
        exif = Image.Exif()
        exif.get_ifd(0x8825).update({1: 'N', 2: (48.0, 0.01 * number, 0.0), 3: 'E',
                                     4: (11.0, 0.0, 0.0)})
        path = tmp_path / 'monday' / f'{number}.jpg'
        path.parent.mkdir(exist_ok=True)
        Image.new('RGB', (64, 48), (50 * number, 0, 0)).save(path, exif=exif)
    place_map = PlaceMap.open(build_map(BuildMapOptions(
        None, tiny_bundle, tmp_path / 'map', photos=PhotoOptions((tmp_path / 'monday',)))))
    assert place_map.meta.origin == GeoPoint(48.0, 11.0, 0.0)
    assert [frame.y for frame in place_map.frames] == pytest.approx([0, 18.53, 37.07], abs=0.05)
    near = PlaceMap.open(build_map(BuildMapOptions(
        None, tiny_bundle, tmp_path / 'near',
        place_radius=20.0, photos=PhotoOptions((tmp_path / 'monday',)))))
    assert [frame.place for frame in near.frames] == ['monday/0.jpg'] * 2 + ['monday/2.jpg']
