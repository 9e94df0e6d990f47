# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""An editable install becomes an ament prefix: data files are linked, executables moved."""

from importlib.metadata import distribution, PackageNotFoundError
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

setuptools = pytest.importorskip('setuptools')

SCRIPT = Path(__file__).resolve().parents[2] / 'tools' / 'link_into_prefix.py'


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(SCRIPT.stem, SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_edits_of_a_data_file_are_seen(
        script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'config').mkdir()
    source = tmp_path / 'config' / 'some.yaml'
    source.write_text('old')
    package = setuptools.Distribution({'data_files': [('share/p/config', ['config/some.yaml'])]})
    for _ in range(2):
        script.link_data_files(package, tmp_path / 'prefix')
    source.write_text('new')
    assert (tmp_path / 'prefix' / 'share' / 'p' / 'config' / 'some.yaml').read_text() == 'new'


def test_executables_move_off_the_path(script: ModuleType, tmp_path: Path) -> None:
    try:
        entries = distribution('structvpr_ros').entry_points
    except PackageNotFoundError:
        pytest.skip('structvpr_ros is not installed')
    names = {entry.name for entry in entries if entry.group == 'console_scripts'}
    folder = tmp_path / 'lib' / 'structvpr_ros'
    (tmp_path / 'bin').mkdir()
    folder.mkdir(parents=True)
    (folder / 'retired').touch()
    for name in (*names, 'python'):
        (tmp_path / 'bin' / name).touch()
    script.move_executables('structvpr_ros', tmp_path)
    assert {path.name for path in folder.iterdir()} == names
    assert [path.name for path in (tmp_path / 'bin').iterdir()] == ['python']
