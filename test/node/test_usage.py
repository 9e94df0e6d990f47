# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``--help`` and stray arguments: the commands tell how they are used, and start nothing."""

import pytest

pytest.importorskip('rclpy', reason='needs ROS 2')

from structvpr_ros.node.parameters import DECLARATIONS  # noqa: E402
from structvpr_ros.node.usage import own_arguments, usage  # noqa: E402


def test_usage_names_every_parameter_within_a_screen():
    lines = usage().splitlines()
    for declaration in DECLARATIONS:
        assert any(line.startswith(f'  {declaration.name}: ') for line in lines)
    assert max(map(len, lines)) <= 99


def test_ros_arguments_are_left_to_rclpy():
    assert own_arguments([]) == []
    assert own_arguments(['--ros-args', '-p', 'a:=-h', '-r', '__ns:=/left']) == []
    assert own_arguments(['--ros-args', '-p', 'a:=b', '--', '-h']) == ['-h']
    assert own_arguments(['here', '--ros-args', '--nonsense']) == []


@pytest.mark.parametrize('arguments', [
    ('--help',), ('-h', '--ros-args', '-p', 'top_k:=0'), ('--ros-args', '-p', 'a:=b', '--', '-h')])
def test_help_starts_no_node(make_process, arguments):
    process = make_process('-m', 'structvpr_ros.cli.localize', *arguments)
    assert process.ended() == 0
    assert process.said() == usage() + '\n'


def test_help_of_replay(make_process):
    process = make_process('-m', 'structvpr_ros.cli.replay', '--help')
    assert process.ended() == 0
    assert process.said().startswith('usage: replay ') and '--transport' in process.said()


def test_a_stray_argument_is_told_in_one_line(make_process):
    process = make_process('-m', 'structvpr_ros.cli.localize', 'map', '--ros-args', '-p', 'a:=b')
    assert process.ended() == 2
    assert process.said() == (
        'localize: error: expected ROS arguments alone, found map: see --help\n')
