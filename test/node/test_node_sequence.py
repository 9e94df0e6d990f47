# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The sequence filter in the running node: a route that is driven, look-alikes and kidnapping."""

import numpy as np
import pytest

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.place_map.build import build_map, BuildMapOptions

PLACES, SPACING, SPEED = 24, 2.0, 2.0
LOOK_ALIKES = {13: 3, 14: 4, 15: 5, 22: 20}  # places that look like others


@pytest.fixture(scope='module')
def route():
    """Give the images of a straight route, one for each place."""
    random = np.random.default_rng(5)
    images = [np.kron(random.integers(0, 256, (6, 8, 3), np.uint8), np.ones((10, 10, 1), np.uint8))
              for _ in range(PLACES)]
    for place, other in LOOK_ALIKES.items():
        images[place] = images[other]
    return images


@pytest.fixture(scope='module')
def route_map(route, tiny_bundle, tmp_path_factory):
    """Give the map of the route."""
    root = tmp_path_factory.mktemp('route') / 'data'
    names = [f'images/{place:02d}.png' for place in range(PLACES)]
    for name, image in zip(names, route, strict=True):
        write_image(root / name, image)
    positions = np.stack([SPACING * np.arange(PLACES), np.zeros(PLACES)], 1)
    write_place_dataset(PlaceTable(
        root, names, [f'{place:02d}' for place in range(PLACES)], positions, np.zeros(PLACES),
        ['day'] * PLACES, ['test_map'] * PLACES))
    return build_map(BuildMapOptions(root, tiny_bundle, root.parent / 'map'))


@pytest.fixture(scope='module')
def robot(make_robot):
    return make_robot('/driving')


@pytest.fixture
def launch(start, route_map):
    """Give a function that starts a node with the map of the route."""
    return lambda *arguments: start('-r', '__ns:=/driving', '-p', f'map:={route_map}',
                                    '-p', 'min_score:=0.5', *arguments)


class Drive:
    """A robot that drives along the route, with or without odometry, and sends images."""

    def __init__(self, robot, route, start: int = 1000) -> None:
        self.robot = robot
        self.route = route
        self.stamp = start
        robot.answers.clear()

    def see(self, place: int, elapsed: int = 1) -> list:
        """Send the image of a place after so many seconds; return the places of the answer."""
        self.stamp += elapsed
        answer = self.robot.ask(self.robot.raw(self.route[place]), stamp=self.stamp)
        return [result.class_id for result in answer.results]

    def along(self, places) -> list:
        """Send the images of places one second apart; return the best place of each, or ''."""
        return [(self.see(place) or [''])[0] for place in places]


def named(places):
    return [f'{place:02d}' for place in places]


def test_without_the_filter_every_image_counts_alone(launch, robot, route):
    with launch() as node:
        node.wait_for('waiting for images')
        drive = Drive(robot, route)
        assert drive.along([8, 9, 20, 11]) == named([8, 9, 20, 11])
        assert drive.along([12, 13, 14]) == named([12, 3, 4])
        response = robot.trigger('clear_filter')
        assert not response.success and 'sequence_filter' in response.message
        assert robot.node.count_subscribers('/driving/odom') == 0


def test_a_wrong_image_and_look_alikes_do_not_mislead(launch, robot, route):
    with launch('-p', 'sequence_filter:=true', '-p', f'max_speed:={SPEED}',
                '-p', 'tolerance:=2.5') as node:
        node.wait_for('waiting for images')
        drive = Drive(robot, route)
        assert drive.along(range(8))[4:] == named(range(4, 8))
        best = drive.see(20)  # between 7 and 9
        assert best == [] or abs(int(best[0]) - 8) <= 1
        assert drive.along(range(9, 20))[1:] == named(range(10, 20))
        last = robot.answers[-1].results
        assert 0.5 <= last[0].score <= 1.0 and sum(r.score for r in last) <= 1.001


def test_who_is_carried_off_is_found_again(launch, robot, route):
    with launch('-p', 'sequence_filter:=true', '-p', f'max_speed:={SPEED}') as node:
        node.wait_for('waiting for images')
        drive = Drive(robot, route)
        drive.along(range(6))
        found = drive.along(range(17, 23))
        assert found[-2:] == named([21, 22])


def test_the_filter_forgets_on_request_and_when_the_clock_jumps_back(launch, robot, route):
    with launch('-p', 'sequence_filter:=true', '-p', f'max_speed:={SPEED}') as node:
        node.wait_for('waiting for images')
        drive = Drive(robot, route)
        assert robot.trigger('clear_filter').success
        first = drive.along(range(3, 8))
        assert first[0] == '' and first[-1] == '07'  # one image does not tell, five do
        assert robot.trigger('clear_filter').success
        again = drive.along(range(8, 12))
        assert again[0] == '' and again[-1] == '11'
        drive.stamp = 500
        back = drive.along(range(12, 17))
        assert back[0] == ''
        assert robot.transition('deactivate')
        assert not robot.trigger('clear_filter').success
        assert robot.transition('activate')
        assert drive.see(17) == []
        assert 'Traceback' not in node.said()


def test_another_map_or_option_begins_anew(launch, robot, route, route_map):
    with launch('-p', 'sequence_filter:=true', '-p', f'max_speed:={SPEED}') as node:
        node.wait_for('waiting for images')
        drive = Drive(robot, route)
        assert drive.along(range(6))[-1] == '05'
        assert robot.trigger('load_map').success
        assert drive.see(6) == []
        assert drive.along(range(7, 12))[-1] == '11'
        assert robot.set_parameter('max_speed', 3.0).successful
        assert drive.see(12) == []


def test_parameters_are_watched(launch, robot):
    refused = {'max_speed': (0.0,), 'kidnapped': (0.0, 1.0), 'tolerance': (-1.0,),
               'row_spacing': (0.0,)}
    with launch('-p', 'sequence_filter:=true') as node:
        node.wait_for('waiting for images')
        for name, values in refused.items():
            for value in values:
                result = robot.set_parameter(name, value)
                assert not result.successful and name in result.reason


def odometry(stamp, x):
    from nav_msgs.msg import Odometry
    message = Odometry()
    message.header.stamp.sec, message.header.stamp.nanosec = divmod(
        round(stamp * 1e9), 1_000_000_000)
    message.pose.pose.position.x = x
    return message


class Wheels:
    """The odometry of a drive, at 5 Hz."""

    def __init__(self, drive: Drive) -> None:
        self.drive = drive
        self.x = 0.0

    def roll(self, distance: float) -> None:
        """Send a second of odometry, up to the next image, and see that it is heard first."""
        for step in range(1, 6):
            stamp = self.drive.stamp + 0.123456789 + step / 5
            here = self.x + step / 5 * distance
            self.drive.robot.publish(odometry(stamp, here), 'odom', reliable=True)
            # While the node answers this, it takes a reading, too.
            self.drive.robot.get_parameter('top_k')
        self.x += distance


@pytest.mark.parametrize('steps, place', [(1, '20'), (3, '22')])
def test_odometry_tells_look_alikes_apart(launch, robot, route, steps, place):
    # As fast as it may be, by its rate the robot could have come to either of the two.
    with launch('-p', 'sequence_filter:=true', '-p', 'max_speed:=10.0',
                '-p', 'tolerance:=1.0') as node:
        node.wait_for('waiting for images')
        assert robot.spin_until(lambda: robot.node.count_subscribers('/driving/odom') == 1)
        drive = Drive(robot, route)
        wheels = Wheels(drive)
        for here in range(8, 20):
            wheels.roll(SPACING)
            drive.see(here)
        wheels.roll(steps * SPACING)
        assert drive.see(20)[0] == place
        assert 'jumped' not in node.said()
        wheels.roll(-400.0)
        node.wait_for('/driving/odom jumped')
        assert 'Traceback' not in node.said()
