# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The installed package as ROS 2 sees it, by pip or by colcon."""

from importlib.metadata import entry_points
import os
from pathlib import Path
import shutil
import subprocess

import pytest

packages = pytest.importorskip('ament_index_python.packages')

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope='module')
def prefix() -> Path:
    try:
        return Path(packages.get_package_prefix('structvpr_ros'))
    except (LookupError, EnvironmentError):
        pytest.skip('no environment with structvpr_ros is sourced')


def test_data_files_are_where_ros_looks(prefix: Path) -> None:
    share = Path(packages.get_package_share_directory('structvpr_ros'))
    assert share == prefix / 'share' / 'structvpr_ros'
    for name in ('package.xml', 'config/localize.yaml', 'launch/localize.launch.py'):
        assert (share / name).read_bytes() == (ROOT / name).read_bytes()


def test_every_command_is_an_executable(prefix: Path) -> None:
    commands = [entry.name for entry in entry_points(group='console_scripts')
                if entry.value.startswith('structvpr_ros.')]
    assert 'localize' in commands
    for command in commands:
        assert os.access(prefix / 'lib' / 'structvpr_ros' / command, os.X_OK), command


@pytest.mark.skipif(not shutil.which('ros2'), reason='there is no ros2')
def test_ros2_run_finds_a_command(prefix: Path) -> None:
    result = subprocess.run(['ros2', 'run', 'structvpr_ros', 'encode', '--help'], text=True,
                            capture_output=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert '--dataset' in result.stdout
