# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the running node answers to images, good and bad, and to parameters."""

import array

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.matching.localizer import Localizer


@pytest.fixture(scope='module')
def node(start):
    with start() as process:
        process.wait_for('waiting for images on /image')
        yield process


@pytest.fixture(scope='module')
def localizer(tiny_map, tiny_bundle):
    return Localizer.open(tiny_map, tiny_bundle, threads=1)


@pytest.fixture(scope='module')
def pictures(tiny_dataset):
    table = read_place_dataset(tiny_dataset).select('test_query')
    return [read_image(table.image_path(row)) for row in range(len(table))]


@pytest.fixture
def parameter(node, robot):
    """Set parameters of the shared node, and set them back when the test is over."""
    defaults = {'top_k': 5, 'min_score': 0.0, 'min_margin': 0.0}
    changed = []

    def set_parameter(name, value):
        changed.append(name)
        return robot.set_parameter(name, value)

    yield set_parameter
    for name in changed:
        assert robot.set_parameter(name, defaults[name]).successful


def ranked(answer):
    return [(result.class_id, result.score) for result in answer.results]


def test_answers_are_those_of_the_localizer(node, robot, localizer, pictures):
    for picture in pictures:
        expected = localizer.recognize(picture, 0.0).candidates
        places, scores = zip(*ranked(robot.ask(robot.raw(picture))), strict=True)
        assert places == tuple(candidate.place for candidate in expected)
        np.testing.assert_allclose(scores, [c.score for c in expected], atol=1e-5)
        assert list(scores) == sorted(scores, reverse=True)


def test_the_header_is_that_of_the_image(node, robot, pictures):
    message = robot.raw(pictures[0])
    message.header.frame_id = 'left_eye'
    answer = robot.ask(message)
    assert answer.header == message.header


def test_any_size_and_encoding_may_follow_another(node, robot, localizer, pictures):
    large = np.kron(pictures[1], np.ones((4, 4, 1), np.uint8))
    for message, image in (
            (robot.raw(large), large),
            (robot.raw(np.ascontiguousarray(pictures[1][..., ::-1]), 'bgr8'), pictures[1]),
            (robot.raw(pictures[1][:1, :1]), pictures[1][:1, :1])):
        expected = localizer.recognize(image, 0.0).candidates[0]
        assert robot.ask(message).results[0].class_id == expected.place


def test_results_are_empty_when_not_localized(node, robot, parameter, pictures):
    best = robot.ask(robot.raw(pictures[0])).results[0].score
    assert parameter('min_score', best + 0.01).successful
    answer = robot.ask(robot.raw(pictures[0]))
    assert ranked(answer) == []
    assert answer.header.frame_id == 'front_camera'
    assert parameter('min_score', best - 0.01).successful
    assert robot.ask(robot.raw(pictures[0])).results[0].score == pytest.approx(best)


def test_a_narrow_lead_is_no_localization(node, robot, parameter, pictures):
    first, second = robot.ask(robot.raw(pictures[0])).results[:2]
    lead = first.score - second.score
    assert parameter('min_margin', lead + 0.001).successful
    assert ranked(robot.ask(robot.raw(pictures[0]))) == []
    assert parameter('min_margin', lead - 0.001).successful
    assert ranked(robot.ask(robot.raw(pictures[0])))


def test_top_k_bounds_the_results_at_once(node, robot, parameter, pictures):
    assert parameter('top_k', 2).successful
    assert len(robot.ask(robot.raw(pictures[0])).results) == 2
    assert parameter('top_k', 100).successful
    assert len(robot.ask(robot.raw(pictures[0])).results) == 6  # places of the map


@pytest.mark.parametrize('name, value', [
    ('top_k', 0), ('top_k', 101), ('top_k', 2.0), ('min_score', 1.5), ('min_score', float('nan')),
    ('min_score', 1.0 + 1e-9), ('min_margin', -0.1), ('engine', 'tflite'), ('threads', -1),
    ('image_transport', 'theora'), ('autostart', False), ('map', 7)])
def test_values_that_cannot_work_are_refused(node, robot, name, value):
    result = robot.set_parameter(name, value)
    assert not result.successful and result.reason


def test_bad_images_cost_nothing_but_a_line(node, robot, pictures):
    before = int(robot.diagnosis()[1]['images unusable'])
    changes = ({'encoding': 'x264'}, {'width': 0}, {'step': 1}, {'height': 10_000},
               {'encoding': '', 'data': array.array('B')})
    for count, change in enumerate(changes, before + 1):
        message = robot.raw(pictures[0])
        message.header.stamp.sec = 4000
        for field, value in change.items():
            setattr(message, field, value)
        robot.publish(message)
        robot.diagnosis(lambda _, values, count=count: values['images unusable'] == str(count))
    assert robot.ask(robot.raw(pictures[0])).results
    assert not [answer for answer in robot.answers if answer.header.stamp.sec == 4000]
    assert node.said().count('an image cannot be used') in range(1, len(changes))  # throttled
    assert 'Traceback' not in node.said()


def test_a_flood_leaves_no_queue(node, robot, pictures):
    message = robot.raw(np.kron(pictures[0], np.ones((4, 4, 1), np.uint8)))
    for number in range(60):
        message.header.stamp.sec = 5000 + number
        robot.publish(message)
    after = robot.ask(robot.raw(pictures[1])).header.stamp.sec
    flood = [answer.header.stamp.sec for answer in robot.answers][:-1]
    assert flood == sorted(set(flood))
    assert robot.answers[-1].header.stamp.sec == after


def test_qos_fits_cameras_and_listeners(node, robot, pictures):
    from rclpy.qos import ReliabilityPolicy
    robot.ask(robot.raw(pictures[0]))
    for infos, topic, reliability in (
            (robot.node.get_subscriptions_info_by_topic, '/image', ReliabilityPolicy.BEST_EFFORT),
            (robot.node.get_publishers_info_by_topic, '/vpr/place', ReliabilityPolicy.RELIABLE)):
        # The name of an endpoint's node may become known after the endpoint.
        assert robot.spin_until(
            lambda infos=infos, topic=topic: [i.node_name for i in infos(topic)] == ['localize'])
        assert infos(topic)[0].qos_profile.reliability == reliability
