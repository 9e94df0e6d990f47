# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What of an image the running node looks at: calibration, mask and region."""

import numpy as np
import pytest

from structvpr_ros.data.image_files import write_image
from structvpr_ros.inference.view import View
from structvpr_ros.matching.localizer import Localizer

PICTURE = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)


@pytest.fixture(scope='module')
def robot(make_robot):
    return make_robot('/seeing')


@pytest.fixture
def launch(start):
    """Give a function that starts a node in the robot's namespace."""
    return lambda *arguments: start('-r', '__ns:=/seeing', *arguments)


@pytest.fixture(scope='module')
def expected(tiny_map, tiny_bundle):
    """Give a function that tells the scores of an image as it is, by place."""
    localizer = Localizer.open(tiny_map, tiny_bundle, threads=1)
    return lambda image: {candidate.place: candidate.score
                          for candidate in localizer.recognize(image, 0.0).candidates}


def scores(answer):
    return {result.class_id: result.score for result in answer.results}


def complaint(robot, message):
    """Publish an image that cannot be used, and return what diagnostics say of it."""
    from diagnostic_msgs.msg import DiagnosticArray
    heard = robot.listen(DiagnosticArray, '/diagnostics')
    before = int(robot.diagnosis()[1]['images unusable'])

    def complaints():
        tables = [{value.key: value.value for value in status.values}
                  for array in heard for status in array.status]
        return [table['last error'] for table in tables
                if int(table.get('images unusable', 0)) > before]

    robot.publish_until(complaints, message)
    return complaints()[0]


def calibration(width=80, height=60):
    from sensor_msgs.msg import CameraInfo
    matrix = [60.0, 0, 40, 0, 60, 30, 0, 0, 1]
    return CameraInfo(width=width, height=height, distortion_model='plumb_bob', k=matrix,
                      d=[-0.4, 0.1, 0.0, 0.0, 0.0], r=[1.0, 0, 0, 0, 1, 0, 0, 0, 1],
                      p=[*matrix[:3], 0, *matrix[3:6], 0, *matrix[6:], 0])


def until_calibrated(robot):
    """Publish calibration and images, either of which may be lost, until there is an answer."""
    image = robot.raw(PICTURE)
    image.header.stamp.sec = 5000
    robot.answers.clear()

    def answered():
        robot.publish(calibration(), 'camera_info')
        return any(answer.header.stamp.sec == 5000 for answer in robot.answers)

    robot.publish_until(answered, image)


def test_a_calibration_undistorts(launch, robot, expected):
    from structvpr_ros.node.camera_info import to_camera_model
    with launch('-p', 'camera_info:=true') as node:
        node.wait_for('waiting for images')
        lonely = robot.raw(PICTURE)
        lonely.header.stamp.sec = 4000
        assert complaint(robot, lonely) == (
            'expected a calibration on /seeing/camera_info, none has come yet')
        until_calibrated(robot)
        straight = to_camera_model(calibration()).undistort(PICTURE)
        answer = scores(robot.ask(robot.raw(PICTURE)))
        assert answer == pytest.approx(expected(straight), abs=1e-4)
        assert answer != pytest.approx(expected(PICTURE), abs=1e-3)
        # It is that of another resolution: told, not stretched.
        robot.publish(calibration(160, 120), 'camera_info')
        assert complaint(robot, robot.raw(PICTURE)) == (
            'expected an image of 160x120, as its calibration is, found 80x60')
        assert not [answer for answer in robot.answers if answer.header.stamp.sec == 4000]
        assert 'Traceback' not in node.said()


@pytest.mark.parametrize('transport, rule, topic', [
    ('raw', 'image:=/head/image_raw', '/head/camera_info'),
    ('compressed', 'image:=eye/image', '/seeing/eye/camera_info'),
    ('raw', '/seeing/camera_info:=/calibration', '/calibration')])
def test_the_calibration_is_beside_the_image(launch, robot, transport, rule, topic):
    with launch('-r', rule, '-p', 'camera_info:=true', '-p',
                f'image_transport:={transport}') as node:
        node.wait_for('waiting for images')
        assert robot.spin_until(lambda: robot.node.count_subscribers(topic) == 1)


def test_no_calibration_is_heard_unless_it_is_wanted(launch, robot):
    with launch() as node:
        node.wait_for('waiting for images')
        assert robot.ask(robot.raw(PICTURE)).results
        assert robot.node.count_subscribers('/seeing/camera_info') == 0


def test_a_mask_hides(launch, robot, expected, tmp_path):
    mask = np.full((30, 40), 255, np.uint8)
    mask[20:] = 0
    write_image(tmp_path / 'bonnet.png', mask)
    full = np.kron(mask, np.ones((2, 2), np.uint8))
    other_bonnet = PICTURE.copy()
    other_bonnet[40:] = 255 - other_bonnet[40:]
    with launch('-p', f'mask:={tmp_path}/bonnet.png') as node:
        node.wait_for('waiting for images')
        answer = scores(robot.ask(robot.raw(PICTURE)))
        assert answer == pytest.approx(expected(View(mask=full).apply(PICTURE)), abs=1e-4)
        assert answer != pytest.approx(expected(PICTURE), abs=1e-3)
        assert scores(robot.ask(robot.raw(other_bonnet))) == answer


def test_a_mask_that_cannot_be_read_is_told_at_configure(launch, robot, tmp_path):
    with launch('-p', f'mask:={tmp_path}/nowhere.png') as node:
        node.wait_for('cannot configure')
        assert f'{tmp_path}/nowhere.png' in node.said()
        assert robot.state() == 'unconfigured'
        status, values = robot.diagnosis()
        assert 'nowhere.png' in status.message and values == {}
        assert robot.set_parameter('mask', '').successful
        assert robot.transition('configure') and robot.transition('activate')
        assert robot.ask(robot.raw(PICTURE)).results


def test_a_region_is_looked_at_at_once(launch, robot, expected):
    with launch('-p', 'roi:=[10, 5, 60, 50]') as node:
        node.wait_for('waiting for images')
        assert scores(robot.ask(robot.raw(PICTURE))) == pytest.approx(
            expected(PICTURE[5:55, 10:70]), abs=1e-4)
        assert robot.set_parameter('roi', [0, 0, 0, 0]).successful
        assert scores(robot.ask(robot.raw(PICTURE))) == pytest.approx(
            expected(PICTURE), abs=1e-4)
        for value in ([1, 2, 3], [0, 0, -5, 5], [5, 5, 0, 0]):
            result = robot.set_parameter('roi', value)
            assert not result.successful and 'x, y, width and height' in result.reason
        assert robot.set_parameter('roi', [30, 0, 60, 50]).successful
        assert '[30, 0, 60, 50], found 80x60' in complaint(robot, robot.raw(PICTURE))
