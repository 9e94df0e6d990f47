# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Turn an editable pip install into the layout in which ROS 2 looks for a package.

Run by the environment's Python in the repository's root, after ``pip install --editable .``.
pip leaves the data files of setup.py out and puts the executables on the PATH, where names
like ``export`` or ``train`` do not belong. Here the data files become links, so that edits take
effect at once, as after ``colcon build --symlink-install``.
"""

import importlib.metadata
from pathlib import Path
import shutil
import sys

import setuptools.dist


def link_data_files(distribution: setuptools.dist.Distribution, prefix: Path) -> None:
    """Link every data file of setup.py, relative to the working directory, into the prefix."""
    for folder, files in distribution.data_files:
        (prefix / folder).mkdir(parents=True, exist_ok=True)
        for file in map(Path, files):
            link = prefix / folder / file.name
            link.unlink(missing_ok=True)
            link.symlink_to(file.resolve())


def move_executables(package: str, prefix: Path) -> None:
    """Move the console scripts that pip made from bin/ to lib/PACKAGE/."""
    folder = prefix / 'lib' / package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for entry in importlib.metadata.distribution(package).entry_points:
        if entry.group == 'console_scripts':
            shutil.move(prefix / 'bin' / entry.name, folder / entry.name)


if __name__ == '__main__':
    # setuptools brings distutils along on Pythons that have none.
    from distutils.core import run_setup

    setup = run_setup('setup.py', stop_after='init')
    shutil.rmtree(Path(sys.prefix, 'share', setup.get_name()), ignore_errors=True)
    link_data_files(setup, Path(sys.prefix))
    move_executables(setup.get_name(), Path(sys.prefix))
