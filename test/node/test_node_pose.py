# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The pose of the running node: on vpr/pose, once on initialpose, and never a stale one."""

from dataclasses import replace
import math
import shutil

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.pose import PoseEstimator, PoseOptions
from structvpr_ros.place_map.frame_file import write_frames
from structvpr_ros.place_map.meta import FRAMES, MapMeta
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.storage import file_hash


@pytest.fixture(scope='module')
def robot(make_robot):
    return make_robot('/posing')


@pytest.fixture
def launch(start):
    """Give a function that starts a node in the robot's namespace."""
    return lambda *arguments: start('-r', '__ns:=/posing', *arguments)


@pytest.fixture(scope='module')
def pictures(tiny_dataset):
    table = read_place_dataset(tiny_dataset).select('test_query')
    return [read_image(table.image_path(row)) for row in range(len(table))]


@pytest.fixture(scope='module')
def poses(robot):
    """Give the list of all that comes on vpr/pose."""
    from geometry_msgs.msg import PoseWithCovarianceStamped
    return robot.listen(PoseWithCovarianceStamped, 'vpr/pose')


def ask(robot, poses, picture):
    """Return the pose of an image; its answer may come before, and is asked for again."""
    for _ in range(10):
        answer = robot.ask(robot.raw(picture))
        assert answer.results
        found = []
        if robot.spin_until(lambda answer=answer, found=found: found.extend(
                pose for pose in poses if pose.header.stamp == answer.header.stamp) or found, 3):
            return found[0]
    raise AssertionError('no pose comes with an answer')


def test_poses_are_those_of_the_estimator(launch, robot, poses, pictures, tiny_map, tiny_bundle):
    localizer = Localizer.open(tiny_map, tiny_bundle, threads=1)
    narrow = PoseOptions(min_position_std=0.01, max_position_std=2.0, max_heading_std=1.0)
    with launch('-p', 'max_heading_std:=1.0') as node:
        node.wait_for('waiting for images')
        for name in ('min_position_std', 'max_position_std'):
            assert robot.set_parameter(name, getattr(narrow, name)).successful
        estimator = PoseEstimator(localizer.place_map.frames, narrow)
        for picture in pictures[:3]:
            message = ask(robot, poses, picture)
            expected = estimator.estimate(localizer.recognize(picture, 0.0))
            assert message.header.frame_id == 'map'
            pose = message.pose.pose
            assert (pose.position.x, pose.position.y) == pytest.approx(
                (expected.x, expected.y), abs=1e-3)
            assert 2 * math.atan2(pose.orientation.z, pose.orientation.w) == pytest.approx(
                expected.heading, abs=1e-3)
            covariance = message.pose.covariance.reshape(6, 6)[np.ix_([0, 1, 5], [0, 1, 5])]
            np.testing.assert_allclose(covariance, expected.covariance, rtol=1e-2, atol=1e-6)


def test_bounds_of_the_covariance_fit_one_another(launch, robot):
    with launch('-p', 'min_position_std:=30.0', '-p', 'max_position_std:=40.0') as node:
        node.wait_for('waiting for images')  # together they fit, whichever is declared first
        for name, value in (('min_position_std', 41.0), ('max_position_std', 29.0),
                            ('min_heading_std', 0.0), ('max_heading_std', 4.0)):
            result = robot.set_parameter(name, value)
            assert not result.successful and name.split('_', 1)[1] in result.reason
    with launch('-p', 'min_position_std:=30.0') as node:
        assert node.ended() == 2
        fatal = [line for line in node.said().splitlines() if 'FATAL' in line]
        assert len(fatal) == 1 and 'max_position_std' in fatal[0]


def test_no_pose_when_not_localized(launch, robot, poses, pictures):
    with launch() as node:
        node.wait_for('waiting for images')
        ask(robot, poses, pictures[0])
        assert robot.set_parameter('min_score', 1.0).successful
        lost = [robot.ask(robot.raw(picture)) for picture in pictures]
        assert not any(answer.results for answer in lost)
        assert robot.set_parameter('min_score', 0.0).successful
        ask(robot, poses, pictures[0])  # the publisher keeps the order: none is on its way
        stamps = [answer.header.stamp for answer in lost]
        assert not [pose for pose in poses if pose.header.stamp in stamps]


@pytest.fixture
def nowhere(tiny_map, tmp_path):
    """Give the tiny map without its positions."""
    folder = tmp_path / 'nowhere'
    shutil.copytree(tiny_map, folder)
    meta, frames = MapMeta.load(folder), PlaceMap.open(folder).frames
    (folder / FRAMES).unlink()
    write_frames(folder / FRAMES, [replace(frame, x=None, y=None) for frame in frames])
    replace(meta, files={**meta.files, FRAMES: file_hash(folder / FRAMES)}).save(folder)
    return folder


def test_no_pose_in_a_map_without_positions(launch, robot, poses, pictures, nowhere):
    with launch('-p', f'map:={nowhere}') as node:
        node.wait_for('waiting for images')
        before = robot.ask(robot.raw(pictures[0]))
        assert before.results
        assert not robot.trigger('send_initial_pose').success
        assert robot.spin_until(lambda: robot.node.count_publishers('/posing/vpr/pose') == 1)
        robot.ask(robot.raw(pictures[1]))
        assert not [pose for pose in poses if pose.header.stamp == before.header.stamp]


def test_the_initial_pose_is_sent_once_and_fresh(launch, robot, poses, pictures):
    from geometry_msgs.msg import PoseWithCovarianceStamped

    def refusal():
        response = robot.trigger('send_initial_pose')
        assert not response.success
        return response.message

    with launch('-p', 'autostart:=false') as node:
        assert refusal() == 'expected an active node'
        assert robot.transition('configure') and robot.transition('activate')
        assert 'none has been answered yet' in refusal()
        ask(robot, poses, pictures[0])
        assert 'nobody listens to /posing/initialpose' in told_fresh(robot, pictures[0]).message
        starts = robot.listen(PoseWithCovarianceStamped, 'initialpose')
        assert robot.spin_until(lambda: told_fresh(robot, pictures[0]).success)
        assert robot.spin_until(lambda: bool(starts))
        sent = starts[0]
        assert sent.header.frame_id == 'map'
        assert robot.spin_until(lambda: sent in poses)
        robot.ask(robot.raw(pictures[0]))
        assert starts == [sent]
        assert robot.set_parameter('min_score', 1.0).successful
        robot.ask(robot.raw(pictures[0]))
        assert 'to be localized' in refusal()
        assert robot.set_parameter('min_score', 0.0).successful
        robot.ask(robot.raw(pictures[0]))
        assert robot.spin_until(lambda: 'in the last 1 s, the newest came' in robot.trigger(
            'send_initial_pose').message)
        assert robot.transition('deactivate')
        assert refusal() == 'expected an active node'
        assert 'Traceback' not in node.said()


def told_fresh(robot, picture):
    """Ask for the initial pose so soon after an image that it is fresh on a slow machine, too."""
    for _ in range(20):
        robot.ask(robot.raw(picture))
        response = robot.trigger('send_initial_pose')
        if 'the newest came' not in response.message:
            return response
    raise AssertionError(response.message)
