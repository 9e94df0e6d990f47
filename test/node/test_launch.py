# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The launch files and the parameter file: they name what there is, and they start nodes."""

import ast
from pathlib import Path
import subprocess
import sys

import numpy as np
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LAUNCH_FILE = ROOT / 'launch' / 'localize.launch.py'
CAMERAS_FILE = ROOT / 'launch' / 'cameras.launch.py'
PARAMS_FILE = ROOT / 'config' / 'localize.yaml'

ARGUMENTS = {'map', 'model', 'image', 'transport', 'params_file', 'namespace', 'use_sim_time',
             'log_level', 'autostart'}
FILES = ((LAUNCH_FILE, ARGUMENTS), (CAMERAS_FILE, ARGUMENTS | {'cameras'}))

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


def assigned(path, name):
    return next(node.value for node in ast.parse(path.read_text()).body
                if isinstance(node, ast.Assign) and node.targets[0].id == name)


@pytest.mark.parametrize('path, arguments', FILES)
def test_arguments_of_the_launch_files(path, arguments):
    calls = {node.args[0].value: node for node in ast.walk(ast.parse(path.read_text()))
             if isinstance(node, ast.Call)
             and getattr(node.func, 'id', '') in ('argument', 'DeclareLaunchArgument')
             and isinstance(node.args[0], ast.Constant)}
    assert set(calls) == arguments
    for name, call in calls.items():
        description = [*call.args[1:], *(keyword.value for keyword in call.keywords)][0].value
        assert description.endswith('.'), name


def test_all_cameras_take_what_one_does():
    shared = set(ast.literal_eval(assigned(CAMERAS_FILE, 'SHARED')))
    assert shared == ARGUMENTS - {'namespace', 'image'}


def test_launch_file_overrides_parameters_that_there_are(declarations):
    table = assigned(LAUNCH_FILE, 'OVERRIDES')
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

    def start(*arguments: str, path: Path = LAUNCH_FILE):
        return make_process('-c', RUN, str(path), f'map:={tiny_map}',
                            f'model:={tiny_bundle}', *arguments)
    return start


@pytest.mark.parametrize('path, arguments', FILES)
def test_launch_shows_its_arguments(ros, path, arguments):
    pytest.importorskip('launch_ros', reason='needs launch_ros')
    script = ('import sys; from launch.launch_description_sources import '
              'get_launch_description_from_python_launch_file as load; '
              'print(*(a.name for a in load(sys.argv[1]).get_launch_arguments()))')
    shown = subprocess.run([sys.executable, '-c', script, str(path)], text=True,
                           check=True, timeout=60, stdout=subprocess.PIPE).stdout
    assert set(shown.split()) == arguments


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


def test_launch_starts_a_node_for_each_camera(launch, make_robot):
    process = launch('namespace:=/rig', 'cameras:=left,right', 'image:=/rig/{camera}/eye',
                     'log_level:=info', path=CAMERAS_FILE)
    picture = np.zeros((60, 80, 3), np.uint8)
    for camera in ('left', 'right'):
        process.wait_for(f'waiting for images on /rig/{camera}/eye')
        robot = make_robot(f'/rig/{camera}')
        assert robot.ask(robot.raw(picture), 'eye').results
    process.stop()
    assert process.said().count('process has finished cleanly') == 2


@pytest.mark.parametrize('cameras', ['', 'left,left'])
def test_cameras_need_names_of_their_own(launch, cameras):
    process = launch(f'cameras:={cameras}', path=CAMERAS_FILE)
    assert process.ended() != 0
    assert 'cameras: expected different names' in process.said()
