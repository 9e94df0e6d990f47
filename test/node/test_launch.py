# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The launch file and the parameter file: they name what there is, and they start the node."""

import ast
from pathlib import Path
import subprocess
import sys

import numpy as np
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LAUNCH_FILE = ROOT / 'launch' / 'localize.launch.py'
PARAMS_FILE = ROOT / 'config' / 'localize.yaml'

ARGUMENTS = {'map', 'model', 'image', 'transport', 'params_file', 'namespace', 'use_sim_time',
             'log_level', 'autostart'}

RUN = """
import sys
from launch import LaunchService
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
service = LaunchService()
service.include_launch_description(IncludeLaunchDescription(
    PythonLaunchDescriptionSource(sys.argv[1]),
    launch_arguments=[tuple(argument.split(':=')) for argument in sys.argv[2:]]))
raise SystemExit(service.run())
"""


@pytest.fixture(scope='module')
def declarations(ros):
    from structvpr_ros.node.parameters import DECLARATIONS
    return {declaration.name: declaration for declaration in DECLARATIONS}


def source():
    return ast.parse(LAUNCH_FILE.read_text())


def test_arguments_of_the_launch_file():
    calls = [node for node in ast.walk(source())
             if isinstance(node, ast.Call) and getattr(node.func, 'id', '') == 'argument']
    assert {call.args[0].value for call in calls} == ARGUMENTS
    assert all(call.args[1].value.endswith('.') for call in calls)


def test_launch_file_overrides_parameters_that_there_are(declarations):
    table = next(node.value for node in source().body if isinstance(node, ast.Assign)
                 and node.targets[0].id == 'OVERRIDES')
    kinds = {value.elts[0].value: value.elts[1].id for value in table.values}
    assert {key.value for key in table.keys} <= ARGUMENTS
    assert kinds.pop('use_sim_time') == 'bool'
    for name, kind in kinds.items():
        assert type(declarations[name].default).__name__ == kind


def test_params_file_holds_the_defaults(declarations):
    given = yaml.safe_load(PARAMS_FILE.read_text())['/**']['ros__parameters']
    assert given == {name: declaration.default for name, declaration in declarations.items()
                     if name not in ('map', 'model')}
    assert '# map:' in PARAMS_FILE.read_text() and '# model:' in PARAMS_FILE.read_text()


def test_node_takes_the_params_file_as_it_is(start, robot, tiny_map):
    assert robot.spin_until(lambda: 'localize' not in robot.node.get_node_names())
    with start('--params-file', str(PARAMS_FILE)) as node:
        node.wait_for('waiting for images on /image')


@pytest.fixture
def launch(ros, tiny_map, tiny_bundle, tmp_path, make_process):
    """Give a function that starts the launch file in a process of its own."""
    pytest.importorskip('launch_ros', reason='needs launch_ros')
    from ament_index_python.packages import get_packages_with_prefixes
    if 'structvpr_ros' not in get_packages_with_prefixes():
        pytest.skip('needs structvpr_ros installed')

    def start(*arguments: str):
        return make_process('-c', RUN, str(LAUNCH_FILE), f'map:={tiny_map}',
                            f'model:={tiny_bundle}', *arguments)
    return start


def test_launch_shows_its_arguments(ros):
    pytest.importorskip('launch_ros', reason='needs launch_ros')
    script = ('import sys; from launch.launch_description_sources import '
              'get_launch_description_from_python_launch_file as load; '
              'print(*(a.name for a in load(sys.argv[1]).get_launch_arguments()))')
    shown = subprocess.run([sys.executable, '-c', script, str(LAUNCH_FILE)], text=True,
                           check=True, timeout=60, stdout=subprocess.PIPE).stdout
    assert set(shown.split()) == ARGUMENTS


def test_launch_starts_a_remapped_node(launch, make_robot):
    process = launch('namespace:=/launched', 'image:=/head/camera', 'transport:=compressed',
                     'use_sim_time:=true')
    process.wait_for('waiting for images on /head/camera/compressed')
    robot = make_robot('/launched')
    assert robot.get_parameter('use_sim_time') is True
    assert robot.get_parameter('min_score') == 0.0
    picture = np.zeros((60, 80, 3), np.uint8)
    assert robot.ask(robot.png(picture), '/head/camera/compressed').results
    process.stop()
    assert 'process has finished cleanly' in process.said()


def test_launch_leaves_what_is_not_given_to_the_params_file(launch, make_robot, tmp_path):
    params = tmp_path / 'mine.yaml'
    params.write_text('/**:\n  ros__parameters:\n    autostart: false\n    top_k: 2\n')
    process = launch('namespace:=launched_too', f'params_file:={params}')
    robot = make_robot('/launched_too')
    assert robot.state() == 'unconfigured'
    assert robot.get_parameter('top_k') == 2
    process.stop()
    assert 'process has finished cleanly' in process.said()
