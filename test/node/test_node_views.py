# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the running node shows to who looks on: right, of the newest answer, and only then."""

import shutil

import numpy as np
import pytest

pytest.importorskip('visualization_msgs', reason='needs visualization_msgs')

from sensor_msgs.msg import Image  # noqa: E402
from visualization_msgs.msg import Marker, MarkerArray  # noqa: E402

from structvpr_ros.data.folder import read_place_dataset  # noqa: E402
from structvpr_ros.data.image_files import read_image  # noqa: E402
from structvpr_ros.matching.localizer import Localizer  # noqa: E402
from structvpr_ros.matching.match_picture import draw_match  # noqa: E402
from structvpr_ros.place_map.meta import THUMBNAILS  # noqa: E402


@pytest.fixture(scope='module')
def robot(make_robot):
    return make_robot('/watched')


@pytest.fixture
def launch(start):
    """Give a function that starts a node in the robot's namespace."""
    return lambda *arguments: start('-r', '__ns:=/watched', *arguments)


@pytest.fixture
def look(robot):
    """Give a function that subscribes to a topic and returns the list of what comes."""
    eyes = []

    def subscribe(kind, topic):
        seen = []
        eyes.append(robot.node.create_subscription(kind, topic, seen.append, 10))
        assert robot.spin_until(lambda: robot.node.count_publishers(eyes[-1].topic_name) > 0)
        return seen

    yield subscribe
    for eye in eyes:
        robot.node.destroy_subscription(eye)


@pytest.fixture(scope='module')
def picture(tiny_dataset):
    table = read_place_dataset(tiny_dataset).select('test_query')
    return read_image(table.image_path(2))


def show(robot, picture, seen):
    """Ask until the node has found the eye, too; return the answer and what was seen of it."""
    def found():
        return next((m for m in seen if header(m) == answer.header), None)

    def header(message):
        return message.header if hasattr(message, 'header') else stamped(message)

    def stamped(message):
        header = type(answer.header)(frame_id=answer.header.frame_id)
        header.stamp = message.markers[0].header.stamp
        return header

    for _ in range(20):
        answer = robot.ask(robot.raw(picture))
        if robot.spin_until(lambda: found() is not None, 2.0):
            return answer, found()
    raise AssertionError('nothing is shown')


def test_the_match_beside_the_image(launch, robot, look, picture, tiny_map, tiny_bundle):
    localizer = Localizer.open(tiny_map, tiny_bundle, threads=1)
    expected = localizer.recognize(picture, 0.0)
    match = localizer.place_map.thumbnails.read(expected.candidates[0].frame.row)
    with launch() as node:
        node.wait_for('waiting for images')
        answer, shown = show(robot, picture, look(Image, 'vpr/match_image'))
        assert shown.header == answer.header and shown.header.frame_id == 'front_camera'
        assert (shown.encoding, shown.step) == ('rgb8', 3 * shown.width)
        pixels = np.frombuffer(shown.data, np.uint8).reshape(shown.height, shown.width, 3)
        np.testing.assert_array_equal(pixels, draw_match(picture, match, expected))


def test_candidates_in_the_map(launch, robot, look, picture, tiny_map, tiny_bundle):
    expected = Localizer.open(tiny_map, tiny_bundle, threads=1).recognize(picture, 0.0)
    with launch('-p', 'top_k:=3') as node:
        node.wait_for('waiting for images')
        _, shown = show(robot, picture, look(MarkerArray, 'vpr/candidates'))
        assert shown.markers[0].action == Marker.DELETEALL
        spheres = [marker for marker in shown.markers[1:] if marker.type == Marker.SPHERE]
        assert [(sphere.pose.position.x, sphere.pose.position.y) for sphere in spheres] == [
            (candidate.frame.x, candidate.frame.y) for candidate in expected.candidates[:3]]
        assert {marker.header.frame_id for marker in shown.markers} == {'map'}
        assert expected.candidates[0].place in shown.markers[-1].text


def test_what_is_not_localized_is_shown_as_such(launch, robot, look, picture):
    with launch('-p', 'min_score:=1.0') as node:
        node.wait_for('waiting for images')
        answer, shown = show(robot, picture, look(MarkerArray, 'vpr/candidates'))
        assert not answer.results and shown.markers[-1].text.endswith('not localized')


def test_who_comes_and_goes_and_comes_again_sees_the_newest(launch, robot, look, picture):
    with launch() as node:
        node.wait_for('waiting for images')
        for _ in range(2):
            assert robot.transition('deactivate') and robot.transition('activate')
            show(robot, picture, look(Image, 'vpr/match_image'))
        assert robot.transition('deactivate') and robot.transition('cleanup')
        assert robot.transition('configure') and robot.transition('activate')
        show(robot, picture, look(Image, 'vpr/match_image'))
        assert 'Traceback' not in node.said()


@pytest.mark.parametrize('damage', ['missing', 'cut', 'swapped'])
def test_bad_thumbnails_cost_the_picture_alone(launch, robot, look, picture, tiny_map, tiny_bundle,
                                               tmp_path, damage):
    place_map = shutil.copytree(tiny_map, tmp_path / 'map')
    thumbnails = place_map / THUMBNAILS
    if damage == 'missing':
        thumbnails.unlink()
    elif damage == 'cut':
        thumbnails.write_bytes(thumbnails.read_bytes()[:-1])
    else:
        shutil.copy(place_map / 'places.sqlite', thumbnails)
    expected = Localizer.open(tiny_map, tiny_bundle, threads=1).recognize(picture, 0.0)
    with launch('-p', f'map:={place_map}') as node:
        node.wait_for('going on without thumbnails')
        answer, shown = show(robot, picture, look(Image, 'vpr/match_image'))
        assert answer.results[0].class_id == expected.candidates[0].place
        pixels = np.frombuffer(shown.data, np.uint8).reshape(shown.height, shown.width, 3)
        np.testing.assert_array_equal(pixels, draw_match(picture, None, expected))
        assert 'Traceback' not in node.said()
