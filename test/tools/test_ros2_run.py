# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The small ``ros2``: it finds executables as the real one does, and owns up to the rest."""

import os
from pathlib import Path
import shutil
import subprocess

import pytest

ROS2 = Path(__file__).resolve().parents[2] / 'tools' / 'ros_from_pypi' / 'ros2'


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """Return an ament prefix with the small ros2, and a package with one executable."""
    (tmp_path / 'bin').mkdir()
    shutil.copy(ROS2, tmp_path / 'bin')
    index = tmp_path / 'share' / 'ament_index' / 'resource_index' / 'packages'
    index.mkdir(parents=True)
    (index / 'some_package').touch()
    executable = tmp_path / 'lib' / 'some_package' / 'talk'
    executable.parent.mkdir(parents=True)
    executable.write_text('#!/bin/sh\nprintf "%s|" "$@"\necho "$AMENT_PREFIX_PATH"\nexit 7\n')
    executable.chmod(0o755)
    return tmp_path


def ros2(prefix: Path, *arguments: str, path: str = '') -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, 'AMENT_PREFIX_PATH': path}
    return subprocess.run([prefix / 'bin' / 'ros2', *arguments], env=environment, text=True,
                          capture_output=True, timeout=10)


def test_run_hands_arguments_and_exit_code_through(prefix: Path) -> None:
    result = ros2(prefix, 'run', 'some_package', 'talk', '--ros-args', '-p', 'a:=b c')
    assert result.stdout == f'--ros-args|-p|a:=b c|{prefix}\n'
    assert result.returncode == 7


def test_run_searches_the_whole_ament_prefix_path(prefix: Path) -> None:
    path = f'/nonexistent:{prefix}'
    assert ros2(prefix, 'run', 'some_package', 'talk', path=path).stdout == f'|{path}\n'


@pytest.mark.parametrize('arguments, complaint', [
    (['run', 'other_package', 'talk'], "Package 'other_package' not found"),
    (['run', 'some_package', 'sing'], 'No executable found'),
    (['launch', 'some_package', 'talk.launch.py'], 'there is only: ros2 run'),
    (['run', 'some_package'], 'there is only: ros2 run'),
    ([], 'there is only: ros2 run'),
])
def test_mistakes_are_told_in_one_line(
        prefix: Path, arguments: list[str], complaint: str) -> None:
    result = ros2(prefix, *arguments)
    assert result.returncode != 0
    assert not result.stdout
    assert complaint in result.stderr
    assert result.stderr.count('\n') == 1
