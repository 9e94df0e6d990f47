# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The linters of ROS 2, and ruff, which says the same and more while one types."""

from pathlib import Path
import shutil
import subprocess
import sys
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Named, since the linters would walk into whatever else lies in a working tree.
SOURCES = [str(ROOT / name) for name in (
    'setup.py', 'examples', 'launch', 'structvpr_ros', 'test', 'tools')]
SCHEMA = 'http://download.ros.org/schema/package_format3.xsd'


def lint(linter: str, *arguments: str, folder: Path = ROOT) -> None:
    """Run a linter in a folder and fail with what it says."""
    pytest.importorskip(linter.partition('.')[0])
    run(sys.executable, '-m', linter, *arguments, folder=folder)


def run(*command: str, folder: Path = ROOT) -> None:
    """Run a command in a folder and fail with what it says."""
    result = subprocess.run(command, cwd=folder, text=True, timeout=300,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert result.returncode == 0, result.stdout


def test_ruff() -> None:
    lint('ruff', 'check', *SOURCES)


def test_ament_flake8(tmp_path: Path) -> None:
    # It searches the folder that it runs in for AMENT_IGNORE files: not all of .venv, please.
    lint('ament_flake8.main', '--config', str(ROOT / 'setup.cfg'), *SOURCES, folder=tmp_path)


def test_ament_pep257() -> None:
    lint('ament_pep257.main', *SOURCES)


@pytest.mark.skipif(not shutil.which('xmllint'), reason='xmllint is not installed')
def test_package_xml_is_well_formed() -> None:
    run('xmllint', '--noout', 'package.xml', 'tools/ros_from_pypi/vision_msgs/package.xml')


@pytest.mark.skipif(not shutil.which('xmllint'), reason='xmllint is not installed')
def test_ament_xmllint() -> None:
    try:
        urlopen(SCHEMA, timeout=10).close()
    except OSError:
        pytest.skip(f'{SCHEMA} cannot be reached')
    lint('ament_xmllint.main', 'package.xml')
