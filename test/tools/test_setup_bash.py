# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Sourcing setup.bash makes a shell know the environment, once."""

from pathlib import Path
import shutil
import subprocess

import pytest

SETUP = Path(__file__).resolve().parents[2] / 'tools' / 'setup.bash'


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    folder = tmp_path / 'a prefix'
    folder.mkdir()
    shutil.copy(SETUP, folder)
    return folder


def sourced(prefix: Path, times: int, **variables: str) -> dict[str, str]:
    """Source it so many times, from elsewhere and under ``set -u``; return the environment."""
    script = 'set -eu; ' + f'source "{prefix}/setup.bash"; ' * times + 'env -0'
    result = subprocess.run([shutil.which('bash'), '-c', script], cwd='/', text=True, check=True,
                            env={'PATH': '/usr/bin:/bin', **variables}, stdout=subprocess.PIPE)
    return dict(line.split('=', 1) for line in result.stdout.split('\0') if line)


@pytest.mark.parametrize('times', [1, 2])
def test_prepends_the_prefix_once(prefix: Path, times: int) -> None:
    environment = sourced(prefix, times, AMENT_PREFIX_PATH='/opt/ros/kilted')
    assert environment['AMENT_PREFIX_PATH'] == f'{prefix}:/opt/ros/kilted'
    assert environment['PATH'] == f'{prefix}/bin:/usr/bin:/bin'


def test_needs_no_other_ros(prefix: Path) -> None:
    assert sourced(prefix, 1)['AMENT_PREFIX_PATH'] == str(prefix)


def test_forgets_that_another_python_found_its_libraries(prefix: Path) -> None:
    environment = sourced(prefix, 2, _ROS_WHEELS_BOOTSTRAP_COMPLETE='1')
    assert '_ROS_WHEELS_BOOTSTRAP_COMPLETE' not in environment


def test_leaves_nothing_else_behind(prefix: Path) -> None:
    added = sourced(prefix, 1).keys() - {'AMENT_PREFIX_PATH', 'PATH'}
    assert added <= {'PWD', 'OLDPWD', 'SHLVL', '_'}
