# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Views are made only while somebody looks, hold nobody up, and outlive what goes wrong."""

from threading import Event

import numpy as np
import pytest

pytest.importorskip('visualization_msgs', reason='needs visualization_msgs')

from rclpy.lifecycle import LifecycleNode  # noqa: E402
from sensor_msgs.msg import Image  # noqa: E402
from std_msgs.msg import Header  # noqa: E402
from visualization_msgs.msg import MarkerArray  # noqa: E402

from structvpr_ros.matching.recognition import Candidate, Recognition  # noqa: E402
from structvpr_ros.node import views as module  # noqa: E402
from structvpr_ros.node.views import Sighting, Views  # noqa: E402
from structvpr_ros.place_map.place_map import PlaceMap  # noqa: E402


@pytest.fixture
def sighting(tiny_map):
    place_map = PlaceMap.open(tiny_map)
    frame = place_map.frames[0]
    recognition = Recognition(0.0, (Candidate(frame.place, 0.5, frame),), True, {})
    return Sighting(place_map, recognition, np.zeros((30, 40, 3), np.uint8),
                    Header(frame_id='camera'))


@pytest.fixture
def views(ros):
    """Give the views of an active node of this process."""
    node = LifecycleNode('viewed', context=ros, namespace='/viewed')
    views = Views(node)
    node.trigger_configure()
    node.trigger_activate()
    yield views
    views.close()
    node.destroy_node()


@pytest.fixture
def robot(make_robot):
    return make_robot('/viewed')


@pytest.fixture
def look(robot, views):
    """Give a function that subscribes, and returns what comes once the views know of it."""
    def subscribe(kind, topic):
        seen = []
        eye = robot.node.create_subscription(kind, topic, seen.append, 10)
        publisher = next(p for p in views._node.publishers if p.topic_name == eye.topic_name)
        assert robot.spin_until(lambda: publisher.get_subscription_count() > 0)
        eyes.append((eye, publisher))
        return seen

    eyes = []
    yield subscribe
    for eye, publisher in eyes:
        robot.node.destroy_subscription(eye)
        # Of the next test, too, it must be true that nobody looks.
        assert robot.spin_until(lambda publisher=publisher: not publisher.get_subscription_count())


@pytest.fixture
def made(monkeypatch):
    """Give the list of what is drawn or marked, while it goes on as it would."""
    made = []

    def note(name, make):
        monkeypatch.setattr(module, name, lambda *given: (made.append(name), make(*given))[1])

    note('draw_match', module.draw_match)
    note('to_markers', module.to_markers)
    return made


def test_nothing_is_made_while_nobody_looks(views, sighting, made):
    for _ in range(5):
        views.offer(sighting)
    views._worker.stop()  # what was begun is finished
    assert made == []


@pytest.mark.parametrize('kind, topic, maker', [
    (Image, 'vpr/match_image', 'draw_match'), (MarkerArray, 'vpr/candidates', 'to_markers')])
def test_only_what_is_looked_at_is_made(views, robot, look, sighting, made, kind, topic, maker):
    seen = look(kind, topic)
    views.offer(sighting)
    assert robot.spin_until(lambda: bool(seen))
    assert made == [maker]


def test_nobody_waits_for_a_slow_picture_and_the_newest_follows(
        views, robot, look, sighting, monkeypatch):
    begun, go_on = Event(), Event()
    draw = module.draw_match

    def slow(*arguments):
        begun.set()
        assert go_on.wait(30)
        return draw(*arguments)

    monkeypatch.setattr(module, 'draw_match', slow)
    seen = look(Image, 'vpr/match_image')
    views.offer(sighting)
    assert begun.wait(30)
    for number in range(1, 10):  # returns although the first one is not done
        header = Header(frame_id=f'{number}')
        views.offer(Sighting(sighting.place_map, sighting.recognition, sighting.image, header))
    go_on.set()
    assert robot.spin_until(lambda: bool(seen) and seen[-1].header.frame_id == '9')
    assert {image.header.frame_id for image in seen} <= {'camera', '9'}


def test_what_goes_wrong_costs_one_picture(views, robot, look, sighting, monkeypatch):
    seen = look(Image, 'vpr/match_image')
    with monkeypatch.context() as patch:
        failed = Event()

        def fail(*arguments):
            failed.set()
            raise RuntimeError('out of paint')

        patch.setattr(module, 'draw_match', fail)
        views.offer(sighting)
        assert failed.wait(30)
    views.offer(sighting)
    assert robot.spin_until(lambda: bool(seen))
