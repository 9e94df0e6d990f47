# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Start a localize node for each of several cameras, all with one map and one model.

ros2 launch structvpr_ros cameras.launch.py cameras:=front,left,right map:=MAP

Each node is in the namespace of its camera: /front/localize listens to /front/image and answers
on /front/vpr/place.
"""

from ament_index_python.packages import get_package_share_path
from launch import LaunchContext, LaunchDescription
from launch.actions import (DeclareLaunchArgument, GroupAction, IncludeLaunchDescription,
                            OpaqueFunction)
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration

SHARE = get_package_share_path('structvpr_ros')
ONE_CAMERA = SHARE / 'launch' / 'localize.launch.py'
PARAMS_FILE = SHARE / 'config' / 'localize.yaml'

# Launch arguments that go to every node as they are.
SHARED = ('map', 'model', 'transport', 'params_file', 'use_sim_time', 'autostart', 'log_level')


def generate_launch_description() -> LaunchDescription:
    """Return the arguments and the nodes."""
    return LaunchDescription([
        DeclareLaunchArgument('cameras', description='Names of the cameras, by commas.'),
        argument('image', 'Topic of each camera, below its namespace or, with a leading /, '
                 'anywhere; {camera} stands for its name.', default='image'),
        argument('namespace', 'Namespace above those of the cameras.'),
        argument('map', 'Folder of the place map.'),
        argument('model', 'Folder of the model bundle that built the map; by default the one that '
                 'comes with the package.'),
        argument('transport', 'raw, or compressed for the topic IMAGE/compressed.'),
        argument('params_file', 'YAML file of node parameters.', default=str(PARAMS_FILE)),
        argument('use_sim_time', 'true takes the time from /clock.'),
        argument('autostart', 'false leaves configuring and activating to a manager.'),
        argument('log_level', 'debug, info, warn, error or fatal.', default='info'),
        OpaqueFunction(function=nodes),
    ])


def argument(name: str, description: str, default: str = '') -> DeclareLaunchArgument:
    """Return an optional launch argument."""
    return DeclareLaunchArgument(name, default_value=default, description=description)


def nodes(context: LaunchContext) -> list[GroupAction]:
    """Return a node for each camera; each in a scope of its own, as all take one file."""
    cameras = LaunchConfiguration('cameras').perform(context).replace(',', ' ').split()
    if not cameras or len(set(cameras)) < len(cameras):
        raise ValueError(f'cameras: expected different names, found {cameras}')
    return [GroupAction([one_node(context, camera)]) for camera in cameras]


def one_node(context: LaunchContext, camera: str) -> IncludeLaunchDescription:
    """Return the node of a camera."""
    above = LaunchConfiguration('namespace').perform(context).rstrip('/')
    image = LaunchConfiguration('image').perform(context).replace('{camera}', camera)
    shared = [(name, LaunchConfiguration(name)) for name in SHARED]
    return IncludeLaunchDescription(
        PythonLaunchDescriptionSource(str(ONE_CAMERA)),
        launch_arguments=[('namespace', f'{above}/{camera}'), ('image', image), *shared])
