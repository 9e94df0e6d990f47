# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Writing that leaves no half-written file or folder: write aside, then rename."""

from contextlib import contextmanager
import os
from pathlib import Path
import shutil
import tempfile
from typing import Iterator

from structvpr_ros.errors import ConfigurationError


@contextmanager
def replacing_file(path: Path) -> Iterator[Path]:
    """
    Yield a temporary path beside ``path``; on success it takes the place of ``path``.

    On an error the temporary file is removed and an older ``path`` stays as it was. The
    temporary name keeps the suffix, since many writers choose their format by it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f'.{path.stem}.', suffix=path.suffix, dir=path.parent)
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        aside.chmod(0o666 & ~_umask())
        _sync(aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: Path, marker: str) -> Iterator[Path]:
    """
    Yield a temporary folder beside ``path``; on success it takes the place of ``path``.

    :param path: the folder to write; one that exists is replaced only if it is empty or holds
        the file ``marker``, so that a mistyped output never deletes somebody's files.
    :param marker: name of a file that every folder of this kind holds (``map.yaml``, say).
    :raises ConfigurationError: ``path`` is something else than such a folder.
    """
    check_replaceable(path, marker)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f'.{path.name}.', dir=path.parent))
    try:
        yield aside
        aside.chmod(0o777 & ~_umask())
        for written in aside.rglob('*'):
            if written.is_file():
                _sync(written)
        _swap(aside, path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def check_replaceable(path: Path, marker: str) -> None:
    """
    Check what ``replacing_folder`` checks, for those who work long before they write.

    :raises ConfigurationError: as ``replacing_folder``.
    """
    if not path.exists() or path.is_dir() and (
            (path / marker).is_file() or not any(path.iterdir())):
        return
    raise ConfigurationError(
        f'{path} exists and is not a folder with {marker} in it: refusing to replace it')


def _swap(aside: Path, path: Path) -> None:
    # A folder cannot be renamed over a full one; the old one steps aside and comes back should
    # the second rename fail, so that a reader finds the old folder or the new one.
    if not path.exists():
        os.rename(aside, path)
        return
    retired = Path(tempfile.mkdtemp(prefix=f'.{path.name}.old.', dir=path.parent))
    os.rename(path, retired)
    try:
        os.rename(aside, path)
    except OSError:
        os.rename(retired, path)
        raise
    shutil.rmtree(retired, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open('rb') as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
