# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The check before set-up: the Python to use, or one line about what is missing."""

from pathlib import Path
import shlex
import shutil
import subprocess
import sys

import pytest

CHECK = Path(__file__).resolve().parents[2] / 'tools' / 'check_machine.sh'
HEADERS = "sysconfig.get_path = lambda name: '.'"  # where the fixture puts a Python.h


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a folder with all programs that the check wants, but no Python."""
    for name in ('awk', 'gcc', 'g++', 'make'):
        add(tmp_path, name, f'exec {shutil.which(name)} "$@"')
    add(tmp_path, 'uname', 'echo Linux x86_64')
    add(tmp_path, 'df', 'printf "Filesystem\\n/dev/sda 1 1 99999999 1%% /\\n"')
    (tmp_path / 'Python.h').touch()
    return tmp_path


def add(machine: Path, name: str, script: str) -> None:
    """Put a program on the machine."""
    (machine / name).write_text(f'#!/bin/sh\n{script}\n')
    (machine / name).chmod(0o755)


def add_python(machine: Path, name: str, *changes: str) -> None:
    """Put this Python on the machine, changed by some statements before it runs anything."""
    start = '\n'.join(['import sys, sysconfig', f'sys.executable = {name!r}', HEADERS, *changes,
                       'exec(sys.argv[1])'])
    add(machine, name, f'[ "$1" = -c ] && exec {sys.executable} -c {shlex.quote(start)} "$2"')


def check(machine: Path, *candidates: str, **variables: str) -> tuple[int, str]:
    """Run the check with only the machine's programs; return its exit code and one line."""
    result = subprocess.run(
        ['/bin/sh', CHECK, *candidates], env={'PATH': str(machine), **variables}, cwd=machine,
        text=True, timeout=60, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert result.stdout.count('\n') == 1
    return result.returncode, result.stdout.rstrip('\n')


def test_takes_the_newest_python_that_runs(machine: Path) -> None:
    add(machine, 'python3.13', 'echo "shim: 3.13 is not installed" >&2; exit 127')
    add_python(machine, 'python3.12', 'sys.version_info = (3, 12, 0)')
    add_python(machine, 'python3.11', 'sys.version_info = (3, 11, 0)')
    assert check(machine) == (0, 'python3.12')


def test_takes_the_python_that_is_asked_for(machine: Path) -> None:
    add_python(machine, 'python3.13', 'sys.version_info = (3, 13, 0)')
    add_python(machine, 'my_python', 'sys.version_info = (3, 10, 0)')
    assert check(machine, 'my_python') == (0, 'my_python')


@pytest.mark.parametrize('change, complaint', [
    ('sys.version_info = (3, 9, 2)', 'is Python 3.9, not 3.10 to 3.13'),
    ('sys.version_info = (3, 14, 0)', 'is Python 3.14, not 3.10 to 3.13'),
    ("sys.modules['ensurepip'] = None", 'has no venv module'),
    ("sysconfig.get_path = lambda name: '/nonexistent'", 'has no headers'),
])
def test_tells_what_python_lacks(machine: Path, change: str, complaint: str) -> None:
    add_python(machine, 'python3', change)
    code, line = check(machine)
    assert code == 1
    assert line.startswith(f'error: python3 {complaint}')


def test_tells_that_there_is_no_python(machine: Path) -> None:
    code, line = check(machine)
    assert code == 1
    assert line.startswith('error: no Python 3.10 to 3.13 found')


@pytest.mark.parametrize('name, script, complaint', [
    ('uname', 'echo Linux riscv64', 'Linux riscv64: expected Linux x86_64'),
    ('df', 'printf "Filesystem\\n/dev/sda 1 1 3145728 1%% /\\n"', '3 GB of disk are free'),
])
def test_tells_what_the_machine_lacks(
        machine: Path, name: str, script: str, complaint: str) -> None:
    add_python(machine, 'python3')
    add(machine, name, script)
    code, line = check(machine)
    assert code == 1
    assert line.startswith(f'error: {complaint}')


@pytest.mark.parametrize('name', ['gcc', 'g++', 'make'])
def test_tells_which_build_tool_is_missing(machine: Path, name: str) -> None:
    add_python(machine, 'python3')
    (machine / name).unlink()
    assert check(machine) == (1, f'error: no {name} (on Debian and Ubuntu: '
                                 'apt install build-essential)')


def test_sourced_ros_chooses_its_python_and_needs_no_compiler(machine: Path) -> None:
    add_python(machine, 'python3.12', "sys.modules['rclpy'] = None")
    add_python(machine, 'python3.11', "sys.modules['rclpy'] = sys")
    (machine / 'gcc').unlink()
    assert check(machine, AMENT_PREFIX_PATH='/opt/ros/kilted') == (0, 'python3.11')


def test_tells_that_no_python_is_that_of_the_sourced_ros(machine: Path) -> None:
    add_python(machine, 'python3', "sys.modules['rclpy'] = None")
    assert check(machine, AMENT_PREFIX_PATH='/opt/ros/kilted') == (
        1, 'error: python3 cannot import rclpy, though a ROS 2 is sourced')
