# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Opening bags: three formats, whole, cut off at any point, or nothing of the kind."""

from contextlib import closing
import shutil
import sqlite3

import numpy as np
import pytest

from structvpr_ros.data.bags.bag import bag_files, bag_name, open_bag
from structvpr_ros.data.bags.options import BagOptions
from structvpr_ros.data.bags.scan import scan_bags
from structvpr_ros.errors import DatasetError, ImageError


def read(path) -> int:
    with open_bag(path) as bag:
        return len(list(bag.messages(bag.topics)))


@pytest.fixture
def stored(drive):
    random = np.random.default_rng(0)
    for step in range(20):
        drive.odometry(100.0 + step, float(step), 0.0)
        drive.image(100.0 + step, random.integers(0, 256, (12, 16, 3), np.uint8))
    return drive.close()


def test_topics_and_messages(stored):
    with open_bag(stored) as bag:
        assert [str(topic) for topic in bag.topics] == [
            '/camera/image_raw (sensor_msgs/msg/Image, 20)', '/odom (nav_msgs/msg/Odometry, 20)']
        found = list(bag.messages(bag.topics[1:], since=115 * 10 ** 9))
    assert [recorded // 10 ** 9 for _, recorded, _ in found] == list(range(115, 120))
    assert found[0][2].pose.pose.position.x == 15.0


def test_a_single_file_of_a_ros_2_bag(stored):
    [file] = [file for file in bag_files(stored) if file.suffix in ('.bag', '.db3', '.mcap')]
    assert read(file) == 40


def test_a_bag_of_humble_that_does_not_say_how_messages_are_laid_out(record_bag, tmp_path):
    with record_bag(tmp_path / 'day', 'sqlite3') as recorder:
        recorder.odometry(1.0, 5.0, 0.0)
    [file] = recorder.path.glob('*.db3')
    with closing(sqlite3.connect(file)) as database, database:
        database.execute('DELETE FROM message_definitions')
    with open_bag(recorder.path) as bag:
        [(_, _, message)] = bag.messages(bag.topics)
    assert message.pose.pose.position.x == 5.0


@pytest.mark.parametrize('time', ['NULL', '-1', "'noon'", '1.5'])
def test_times_of_recording_that_are_none(record_bag, tmp_path, time):
    with record_bag(tmp_path / 'day', 'sqlite3') as recorder:
        recorder.odometry(1.0, 5.0, 0.0)
    [file] = recorder.path.glob('*.db3')
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript('ALTER TABLE messages RENAME TO old; CREATE TABLE messages AS '
                               f'SELECT id, topic_id, {time} AS timestamp, data FROM old')
    with pytest.raises(DatasetError, match='expected times of recording|cannot be read as a bag'):
        read(recorder.path)


@pytest.mark.parametrize('share', [0.0, 0.1, 0.5, 0.9])
def test_a_bag_that_is_cut_off(stored, tmp_path, share):
    cut = tmp_path / 'cut'
    if stored.is_dir():
        shutil.copytree(stored, cut)
    else:
        cut = cut.with_suffix('.bag')
        shutil.copy(stored, cut)
    for file in bag_files(cut):
        if file.suffix != '.yaml':
            file.write_bytes(file.read_bytes()[:int(share * file.stat().st_size)])
    with pytest.raises(DatasetError, match='cut.*: cannot be read as a bag: '):
        read(cut)


def test_bytes_that_flip_are_told_or_read(stored, tmp_path):
    # Whatever a damaged bag does, it is an error of ours, or messages.
    random = np.random.default_rng(1)
    [file] = [file for file in bag_files(stored) if file.suffix in ('.bag', '.db3', '.mcap')]
    data = np.frombuffer(file.read_bytes(), np.uint8)
    told = 0
    for number in range(30):
        damaged = data.copy()
        damaged[random.integers(0, len(data), 20)] ^= 0xff
        path = tmp_path / f'{number}{file.suffix}'
        path.write_bytes(damaged.tobytes())
        try:
            [images] = scan_bags(BagOptions((path,)), 'map')
            assert all(load().ndim == 3 for load in images.loads(range(len(images.entries))))
        except DatasetError:
            told += 1
    assert told


def test_a_fault_of_whoever_reads_stays_what_it_is(stored):
    for fault in (ImageError, KeyError):
        with pytest.raises(fault), open_bag(stored) as bag:
            for _ in bag.messages(bag.topics):
                raise fault('mine')


@pytest.mark.parametrize('name', ['gone.bag', 'text.bag', 'text.mcap', 'text.db3', 'text.txt',
                                  'folder'])
def test_no_bag(tmp_path, name):
    (tmp_path / 'folder').mkdir()
    if name.startswith('text'):
        (tmp_path / name).write_text('no bag at all, but long enough to look for a header in')
    with pytest.raises(DatasetError, match=f'{name}: .* bag'):
        read(tmp_path / name)


def test_a_folder_whose_files_are_links(record_bag, tmp_path):
    with record_bag(tmp_path / 'drive', 'sqlite3') as drive:
        drive.odometry(1.0, 0.0, 0.0)
    file, = (tmp_path / 'drive').glob('*.db3')
    file.rename(tmp_path / 'elsewhere')
    file.symlink_to(tmp_path / 'elsewhere')
    with pytest.raises(DatasetError, match='drive.db3: expected a file of the bag, found a link'):
        with open_bag(tmp_path / 'drive'):
            pass
    # Who names a link means it.
    with open_bag(file) as bag:
        assert [topic.name for topic in bag.topics] == ['/odom']


def test_a_folder_whose_metadata_lead_elsewhere(stored, tmp_path):
    if stored.suffix == '.bag':
        pytest.skip('ROS 1 has none')
    [file] = [file for file in bag_files(stored) if file.suffix in ('.db3', '.mcap')]
    file.rename(tmp_path / file.name)
    yaml = stored / 'metadata.yaml'
    yaml.write_text(yaml.read_text().replace(file.name, f'../{file.name}'))
    with pytest.raises(DatasetError, match='cannot be read as a bag'):
        read(stored)


@pytest.mark.parametrize(('file', 'name'), [
    ('day.bag', 'day'), ('day.2026.mcap', 'day.2026'), ('.hidden.bag', 'hidden'),
    ('..\\..\\etc.bag', '_.._etc'), ('näch t.db3', 'n_ch_t'), ('a\nb.bag', 'a_b'),
    ('....bag', 'bag')])
def test_a_name_is_safe_below_any_folder(tmp_path, file, name):
    assert bag_name(tmp_path / file) == name
