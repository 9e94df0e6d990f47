# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The node's life: its states, its start, its end, and what it makes of wrong arguments."""

import signal

import numpy as np
import pytest

from structvpr_ros.place_map.meta import THUMBNAILS

PICTURE = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)


@pytest.fixture
def alone(robot):
    """Give the robot once it no longer sees the node of an earlier test."""
    assert robot.spin_until(lambda: 'localize' not in robot.node.get_node_names())
    return robot


def listening(robot):
    return robot.node.count_subscribers('/image') > 0


def test_a_manager_leads_it_through_its_states(start, alone):
    robot = alone
    with start('-p', 'autostart:=false') as node:
        assert robot.state() == 'unconfigured'
        assert not robot.transition('activate')
        assert robot.transition('configure')
        assert robot.state() == 'inactive' and not listening(robot)
        for _ in range(2):
            assert robot.transition('activate')
            assert robot.ask(robot.raw(PICTURE)).results
            assert robot.transition('deactivate')
            assert robot.spin_until(lambda: not listening(robot))
        assert robot.transition('cleanup')
        assert robot.state() == 'unconfigured'
        assert robot.transition('configure') and robot.transition('activate')
        assert robot.ask(robot.raw(PICTURE)).results
        assert robot.transition('shutdown')
        assert robot.state() == 'finalized' and not listening(robot)
        assert node.stop() == 0
        assert 'Traceback' not in node.said()


def test_a_missing_map_leaves_it_unconfigured_until_it_is_there(start, alone, tiny_map, tmp_path):
    robot = alone
    with start('-p', f'map:={tmp_path}/nowhere') as node:
        assert robot.state() == 'unconfigured'
        complaints = [line for line in node.said().splitlines() if 'ERROR' in line]
        assert len(complaints) == 1
        assert f'cannot configure: {tmp_path}/nowhere' in complaints[0]
        assert robot.set_parameter('map', str(tiny_map)).successful
        assert robot.transition('configure') and robot.transition('activate')
        assert robot.ask(robot.raw(PICTURE)).results


def test_it_says_what_it_lacks(start, alone, tmp_path):
    with start('-p', 'autostart:=false') as node:
        for name, value, complaint in (
                ('model', f'{tmp_path}/nowhere', f'{tmp_path}/nowhere'),
                ('map', '', 'parameter map: expected a folder, found none')):
            assert alone.set_parameter(name, value).successful
            assert not alone.transition('configure')
            assert alone.state() == 'unconfigured'
            node.wait_for(complaint)
        assert node.said().count('cannot configure') == 2
        assert 'Traceback' not in node.said()


def test_what_is_given_up_is_freed(start, alone, tiny_map):
    thumbnails = str(tiny_map / THUMBNAILS)  # open for as long as the map is in memory
    with start() as node:
        node.wait_for('waiting for images')
        for _ in range(4):
            assert alone.trigger('reload').success
            for label in ('deactivate', 'activate', 'deactivate', 'cleanup', 'configure',
                          'activate'):
                assert alone.transition(label)
            assert alone.ask(alone.raw(PICTURE)).results
        assert node.open_files().count(thumbnails) <= 2
        assert alone.transition('deactivate') and alone.transition('cleanup')
        assert thumbnails not in node.open_files()


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize('state', ['unconfigured', 'inactive', 'active'])
def test_signals_end_it_well_in_every_state(start, alone, state, number):
    with start('-p', f'autostart:={"true" if state == "active" else "false"}') as node:
        if state == 'inactive':
            assert alone.transition('configure')
        if state == 'active':
            node.wait_for('waiting for images')
        assert alone.state() == state
        assert node.stop(number) == 0
        assert not [line for line in node.said().splitlines()
                    if any(word in line for word in ('Traceback', 'ERROR', 'FATAL'))]


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_starts_ends_it_well(start, number):
    with start('--log-level', 'rcl:=debug') as node:
        node.wait_for('rcl')  # DDS is just being set up; the map is not loaded yet
        assert node.stop(number) == 0
        assert 'Traceback' not in node.said()


@pytest.mark.parametrize('arguments, complaint', [
    (('-p', 'top_k:=0'), 'top_k'),
    (('-p', 'min_score:=high'), 'min_score'),
    (('-p', 'engine:=tflite'), 'expected one of auto, onnx, openvino, torch'),
    (('-p', 'roi:=[1, 2, 3]'), 'roi: expected x, y, width and height'),
    (('--params-file', '/nowhere.yaml'), '/nowhere.yaml'),
    (('--nonsense',), '--nonsense')])
def test_wrong_arguments_are_told_in_one_line(start, arguments, complaint):
    with start(*arguments) as node:
        assert node.ended() == 2
        fatal = [line for line in node.said().splitlines() if 'FATAL' in line]
        assert len(fatal) == 1 and complaint in fatal[0]
        assert 'Traceback' not in node.said()
