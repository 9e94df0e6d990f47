# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Bags of all formats, written and scanned: what is taken, what is not, and what is told."""

import math

import cv2
import numpy as np
import pytest

from structvpr_ros.data.bags.options import BagOptions
from structvpr_ros.data.bags.scan import preview_bags, scan_bags
from structvpr_ros.errors import DatasetError

START = 1_700_000_000.0


def picture(number: int) -> np.ndarray:
    return np.full((6, 8, 3), (number % 250, 100, 200), np.uint8)


def take(recorder, **options):
    """Finish a bag and scan it alone."""
    [images] = scan_bags(BagOptions((recorder.close(),), **options), 'map')
    return images


def drive_straight(recorder, count: int = 21, **changes) -> None:
    """Record images at 10 Hz and odometry at 20 Hz, along x at 10.5 m/s, heading 0.5."""
    for step in range(2 * count + 1):
        recorder.odometry(START + step / 20 - 0.025, 10.5 * (step / 20 - 0.025), 5.0, 0.5)
    for number in range(count):
        recorder.image(START + number / 10, picture(number), **changes)


def test_images_come_with_interpolated_poses(drive):
    drive_straight(drive)
    images = take(drive, conditions=('night',))
    assert [entry.stamp for entry in images.entries] == pytest.approx(
        [START + 0.2 * row for row in range(11)])
    assert [entry.x for entry in images.entries] == pytest.approx(
        [2.1 * row for row in range(11)], abs=1e-4)
    assert {(entry.source, entry.y, entry.condition) for entry in images.entries} == {
        ('day', 5.0, 'night')}
    assert [entry.heading for entry in images.entries] == pytest.approx([0.5] * 11)
    assert images.entries[1].image == images.entries[1].place == 'day/1700000000_200000000'
    loaded = [load() for load in images.loads(range(11))]
    assert all(np.array_equal(image, picture(2 * row)) for row, image in enumerate(loaded))
    [last] = [load() for load in images.loads([10])]
    assert np.array_equal(last, picture(20))


def test_compressed_images(drive):
    drive.odometry(START, 0.0, 0.0)
    drive.odometry(START + 1, 10.0, 0.0)
    for number in range(5):
        png = cv2.imencode('.png', picture(number)[..., ::-1])[1].reshape(-1)
        drive.write('/camera/image_raw/compressed', drive.new(
            'sensor_msgs/msg/CompressedImage', header=(START + number / 5, 'camera'),
            format='png', data=png), START + number / 5)
    loaded = [load() for load in take(drive).loads(range(5))]
    assert all(np.array_equal(image, picture(row)) for row, image in enumerate(loaded))


@pytest.mark.parametrize('covered', [False, True])
def test_stamped_poses(drive, covered):
    for step in (0, 1):
        pose = drive.pose(3.0 * step, 1.0, math.pi - 0.1 + 0.2 * step)
        kind = 'geometry_msgs/msg/PoseStamped'
        if covered:
            kind = 'geometry_msgs/msg/PoseWithCovarianceStamped'
            pose = drive.new('geometry_msgs/msg/PoseWithCovariance', pose=pose,
                             covariance=np.zeros(36))
        drive.write('/pose', drive.new(kind, header=(START + step, 'map'), pose=pose),
                    START + step)
    drive.image(START + 0.5, picture(0))
    [entry] = take(drive).entries
    assert (entry.x, entry.y) == pytest.approx((1.5, 1.0))
    assert abs(entry.heading) == pytest.approx(math.pi), 'along the shorter arc'


def test_fixes_count_from_the_first_one_or_from_a_given_one(drive):
    drive.fix(START - 1, 10.0, 10.0, status=-1)
    for step in range(3):
        drive.fix(START + step, 48.0 + 1e-4 * step, 11.0, math.nan)
    for step in range(2):
        drive.image(START + step, picture(step))
    images = take(drive)
    assert (images.origin.latitude, images.origin.longitude) == (48.0, 11.0)
    assert [entry.y for entry in images.entries] == pytest.approx([0, 11.12], abs=0.01)
    assert [entry.heading for entry in images.entries] == [None, None]
    moved = take(drive, origin=(48.0002, 11.0, 0.0))
    assert [entry.y for entry in moved.entries] == pytest.approx([-22.24, -11.12], abs=0.01)


def test_trajectory_files(drive, tmp_path):
    drive_straight(drive)
    (tmp_path / 'poses.csv').write_text(
        f'stamp,x,y\n{START},0,0\n{START + 0.45},0,4.725\n')
    images = take(drive, trajectories=(tmp_path / 'poses.csv',))
    assert [entry.y for entry in images.entries] == pytest.approx([0, 2.1, 4.2], abs=1e-4)


def test_time_alone_may_decide(drive):
    drive_straight(drive)
    images = take(drive, interval=0.5)
    assert [entry.stamp - START for entry in images.entries] == pytest.approx(
        [0, 0.5, 1, 1.5, 2], abs=1e-6)


def test_several_bags_are_told_apart(record_bag, tmp_path):
    with record_bag(tmp_path / 'day', 'bag') as day, record_bag(tmp_path / 'night') as night:
        drive_straight(day)
        drive_straight(night)
    options = BagOptions((day.path, night.path), conditions=('sun', 'dark'))
    found = scan_bags(options, 'map')
    assert [(images.entries[0].source, images.entries[0].condition) for images in found] == [
        ('day', 'sun'), ('night', 'dark')]


def test_what_has_several_topics_is_listed(drive):
    drive_straight(drive)
    drive.image(START, picture(0), '/rear/image_raw')
    with pytest.raises(DatasetError, match='expected one topic of images, found '
                       r'/camera/image_raw \(sensor_msgs/msg/Image, 21\), /rear/image_raw'):
        take(drive)
    images = take(drive, image_topic='/rear/image_raw')
    assert len(images.entries) == 1
    with pytest.raises(DatasetError, match='expected a topic /odom of images .*found /camera'):
        take(drive, image_topic='/odom')


def test_a_bag_without_poses_lists_what_it_has(drive):
    drive.image(START, picture(0))
    with pytest.raises(DatasetError, match='expected a topic of poses .*found /camera/image_raw'):
        take(drive)


def test_a_bag_without_images(drive):
    drive.odometry(START, 0.0, 0.0)
    with pytest.raises(DatasetError, match='expected a topic of images .* found /odom'):
        take(drive)


def test_a_topic_without_images(drive):
    drive.odometry(START, 0.0, 0.0)
    drive.declare('/camera/image_raw', 'sensor_msgs/msg/Image')
    with pytest.raises(DatasetError, match='expected a topic of images'):
        take(drive)
    with pytest.raises(DatasetError, match='0 of 0 images taken'):
        take(drive, image_topic='/camera/image_raw')


def test_a_topic_without_poses(drive):
    drive.image(START, picture(0))
    drive.declare('/odom', 'nav_msgs/msg/Odometry')
    with pytest.raises(DatasetError, match='/odom .*, 0.: expected poses, found none'):
        take(drive, pose_topic='/odom')


def test_images_without_stamps_are_dated_by_their_recording(drive, caplog):
    caplog.set_level('INFO')
    for step in range(3):
        drive.odometry(START + step, 5.0 * step, 0.0)
        drive.image(0.0, picture(step), recorded=START + step)
    images = take(drive)
    assert [entry.x for entry in images.entries] == pytest.approx([0, 5, 10])
    assert '3 dated by their recording' in caplog.text
    assert len(list(images.loads(range(3)))) == 3


def test_stamps_that_go_back_are_left_out(drive, caplog):
    caplog.set_level('INFO')
    for step in range(5):
        drive.odometry(START + step, 5.0 * step, 0.0)
    for number, stamp in enumerate((0, 1, 9000, 2, 1, 1.5, 3)):
        drive.image(START + stamp, picture(number), recorded=START + number)
    images = take(drive)
    assert [entry.x for entry in images.entries] == pytest.approx([0, 5, 10, 15])
    assert '1 without a pose, 2 not later' in caplog.text
    loaded = [load()[0, 0, 0] for load in images.loads(range(4))]
    assert loaded == [0, 1, 3, 6]


def test_a_huge_gap_is_not_bridged(drive, caplog):
    caplog.set_level('INFO')
    for stamp in (0, 1, 100, 101):
        drive.odometry(START + stamp, float(stamp), 0.0)
    for stamp in (0, 0.5, 1, 50, 100.5):
        drive.image(START + stamp, picture(0))
    images = take(drive, distance=0.0)
    assert [entry.x for entry in images.entries] == pytest.approx([0, 0.5, 1, 100.5])
    assert '1 without a pose' in caplog.text
    assert len(take(drive, distance=0.0, max_gap=100.0).entries) == 5


def test_poses_of_another_time_are_told_with_both_times(drive):
    drive.odometry(START - 500, 0.0, 0.0)
    drive.odometry(START - 400, 0.0, 0.0)
    drive.image(START, picture(0))
    with pytest.raises(DatasetError, match='images from 1700000000.000 to 1700000000.000, poses '
                       'are known from 1699999500.000 to 1699999600.000: 0 of 1 images taken, '
                       '1 without a pose'):
        take(drive)


def test_an_unknown_encoding_is_told(drive):
    drive_straight(drive, encoding='x264')
    with pytest.raises(DatasetError, match="21 unreadable .*found 'x264'"):
        take(drive)


def test_a_broken_image_gives_way_to_the_next(drive, caplog):
    caplog.set_level('INFO')
    drive.odometry(START, 0.0, 0.0)
    drive.odometry(START + 1, 10.0, 0.0)
    drive.image(START, picture(0), step=3)
    drive.image(START + 0.1, picture(1), height=4_000_000_000)
    drive.image(START + 0.2, picture(2))
    images = take(drive)
    assert [entry.x for entry in images.entries] == pytest.approx([2])
    assert '2 unreadable' in caplog.text


def test_poses_that_are_not_finite_are_left_out(drive):
    drive.odometry(START, 0.0, 0.0)
    drive.odometry(START + 0.5, math.nan, math.inf)
    drive.odometry(START + 1, 10.0, 0.0)
    drive.image(START + 0.5, picture(0))
    [entry] = take(drive).entries
    assert entry.x == pytest.approx(5)


def test_a_preview_lists_topics_and_what_would_be_taken(drive):
    drive_straight(drive)
    told = preview_bags(BagOptions((drive.close(),)), 'map')
    assert '/camera/image_raw (sensor_msgs/msg/Image, 21)' in told
    assert '/odom (nav_msgs/msg/Odometry, 43)' in told
    assert 'would take: /camera/image_raw: 11 of 21 images taken' in told


def test_a_preview_says_why_nothing_can_be_taken(drive):
    drive.image(START, picture(0))
    told = preview_bags(BagOptions((drive.close(),)), 'map')
    assert 'would be refused' in told and 'expected a topic of poses' in told


def test_the_bag_was_changed_since(drive, record_bag):
    drive_straight(drive)
    images = take(drive)
    if drive.path.is_dir():
        for file in drive.path.iterdir():
            file.unlink()
        drive.path.rmdir()
        other = record_bag(drive.path, 'mcap')
    else:
        drive.path.unlink()
        other = record_bag(drive.path.with_suffix(''), 'bag')
    with other:
        other.image(START, picture(3))
    with pytest.raises(DatasetError, match='expected 11 images again .* found 1: it was changed'):
        list(images.loads(range(11)))
