# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Start the localize node.

ros2 launch structvpr_ros localize.launch.py map:=MAP image:=/camera/image_raw
"""

from ament_index_python.packages import get_package_share_path
from launch import LaunchContext, LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

PARAMS_FILE = get_package_share_path('structvpr_ros') / 'config' / 'localize.yaml'

# Launch argument -> the node parameter that it overrides, and its type. One that is not given
# leaves the parameter to params_file.
OVERRIDES = {
    'map': ('map', str),
    'model': ('model', str),
    'transport': ('image_transport', str),
    'autostart': ('autostart', bool),
    'use_sim_time': ('use_sim_time', bool),
}


def generate_launch_description() -> LaunchDescription:
    """Return the arguments and the node."""
    return LaunchDescription([
        argument('map', 'Folder of the place map.'),
        argument('model', 'Folder of the model bundle that built the map; by default the one '
                 'that comes with the package.'),
        argument('image', 'Topic of the camera images.', default='image'),
        argument('transport', 'raw, or compressed for the topic IMAGE/compressed.'),
        argument('params_file', 'YAML file of node parameters.', default=str(PARAMS_FILE)),
        argument('namespace', 'Namespace of the node and of its topics.'),
        argument('use_sim_time', 'true takes the time from /clock.'),
        argument('autostart', 'false leaves configuring and activating to a manager.'),
        argument('log_level', 'debug, info, warn, error or fatal.', default='info'),
        OpaqueFunction(function=nodes),
    ])


def argument(name: str, description: str, default: str = '') -> DeclareLaunchArgument:
    """Return an optional launch argument."""
    return DeclareLaunchArgument(name, default_value=default, description=description)


def nodes(context: LaunchContext) -> list[Node]:
    """Return the node with the parameters that were given."""
    given = {parameter: ParameterValue(LaunchConfiguration(name), value_type=kind)
             for name, (parameter, kind) in OVERRIDES.items()
             if LaunchConfiguration(name).perform(context)}
    return [Node(
        package='structvpr_ros',
        executable='localize',
        name='localize',
        namespace=LaunchConfiguration('namespace'),
        parameters=[LaunchConfiguration('params_file'), given],
        remappings=[('image', LaunchConfiguration('image'))],
        ros_arguments=['--log-level', LaunchConfiguration('log_level')],
        output='screen',
        emulate_tty=True,
    )]
