# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Files and folders that are whole or not there: write aside, then rename; and their hashes."""

from contextlib import contextmanager
import ctypes
import fcntl
import hashlib
import os
from pathlib import Path
import shutil
import tempfile
from typing import Iterator, Optional

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

    Temporary folders of processes that were killed are removed.

    :param path: the folder to write; one that exists is replaced only if it is empty or holds
        the file ``marker``, so that a mistyped output never deletes somebody's files.
    :param marker: name of a file that every folder of this kind holds (``map.yaml``, say).
    :raises ConfigurationError: ``path`` is something else than such a folder.
    """
    check_replaceable(path, marker)
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f'.{path.name}.writing.'
    _remove_abandoned(path.parent, prefix)
    with _new_folder(path.parent, prefix) as aside:
        try:
            yield aside
            aside.chmod(0o777 & ~_umask())
            for written in aside.rglob('*'):
                if written.is_file():
                    _sync(written)
            _swap(aside, path)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def changing_folder(path: Path) -> Iterator[None]:
    """
    Let no other process change a folder that is read, changed and replaced in the block.

    :raises ConfigurationError: there is no such folder, or another process is changing it.
    """
    while True:
        if not path.is_dir():
            raise ConfigurationError(f'{path}: expected a folder, found none')
        with _lock(path) as locked:
            if locked is None:
                raise ConfigurationError(f'{path}: another process is changing it')
            # Whoever had the lock before may have replaced the folder meanwhile.
            if path.is_dir() and os.path.samestat(os.fstat(locked), path.stat()):
                yield
                return


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


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open('rb') as file:
        for block in iter(lambda: file.read(1 << 20), b''):
            digest.update(block)
    return digest.hexdigest()


def _swap(aside: Path, path: Path) -> None:
    if not path.exists():
        os.rename(aside, path)
        return
    if _exchange(aside, path):
        return
    # Where the file system cannot exchange them, the old folder steps aside, and comes back should
    # the second rename fail. There is a moment between the two when there is neither.
    retired = Path(tempfile.mkdtemp(prefix=f'.{path.name}.old.', dir=path.parent))
    os.rename(path, retired)
    try:
        os.rename(aside, path)
    except OSError:
        os.rename(retired, path)
        raise
    shutil.rmtree(retired, ignore_errors=True)


def _exchange(first: Path, second: Path) -> bool:
    # Linux swaps two names in one step, renameat2(2); Python has no name for that.
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError):
        return False
    at_working_directory, exchange = -100, 2
    return renameat2(at_working_directory, os.fsencode(first),
                     at_working_directory, os.fsencode(second), exchange) == 0


@contextmanager
def _new_folder(parent: Path, prefix: str) -> Iterator[Path]:
    # Locked as long as the block lasts. Before it is, another process may take it for abandoned.
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        with _lock(folder) as locked:
            if locked is not None:
                yield folder
                return


def _remove_abandoned(parent: Path, prefix: str) -> None:
    for folder in parent.iterdir():
        if folder.name.startswith(prefix) and folder.is_dir() and not folder.is_symlink():
            with _lock(folder) as locked:
                if locked is not None:
                    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _lock(folder: Path) -> Iterator[Optional[int]]:
    # Yields a handle of the folder; None where another process has it locked, or where it is gone
    # or somebody else's. A lock ends with its process, however that ends.
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, PermissionError):
        yield None
        return
    try:
        yield handle if _take(handle) else None
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    # A folder that was deleted meanwhile can be locked, but has no name any more.
    return os.fstat(handle).st_nlink > 0


def _sync(path: Path) -> None:
    with path.open('rb') as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
