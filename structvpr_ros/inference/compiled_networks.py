# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Networks as OpenVINO compiled them, kept for the next start in the user's cache folder.

A network from there runs as if it came with the program, so that only a folder that nobody but
the user can write to is trusted. What was cut or damaged is compiled again.
"""

import hashlib
import logging
import os
from pathlib import Path
import stat
from typing import Optional

from structvpr_ros.storage import replacing_file

_logger = logging.getLogger(__name__)

_SUFFIX = '.openvino'
_KEPT = 8  # networks, of 3 to 9 MB: the newest ones
_HASH_SIZE = hashlib.sha256().digest_size


def cache_folder() -> Optional[Path]:
    """Return where this user's programs keep what they can make anew; None: nowhere."""
    try:
        base = os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'
    except RuntimeError:  # a user without a home
        return None
    return Path(base) / 'structvpr_ros'


def compiled_key(network: bytes, *circumstances: object) -> str:
    """Return the name of a network as it is compiled under these circumstances, no others."""
    return hashlib.sha256(
        hashlib.sha256(network).digest() + repr(circumstances).encode()).hexdigest()


def load_compiled(key: str) -> Optional[bytes]:
    """Return what ``keep_compiled`` kept under a key; None: nothing that can be trusted."""
    folder = cache_folder()
    if folder is None or not _is_own(folder):
        return None
    try:
        stored = (folder / f'{key}{_SUFFIX}').read_bytes()
    except OSError:
        return None
    digest, compiled = stored[:_HASH_SIZE], stored[_HASH_SIZE:]
    return compiled if hashlib.sha256(compiled).digest() == digest else None


def keep_compiled(key: str, compiled: bytes) -> None:
    """Keep a compiled network, and of the older ones a few; where that cannot be, go without."""
    folder = cache_folder()
    if folder is None:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(folder):
            return
        with replacing_file(folder / f'{key}{_SUFFIX}') as aside:
            aside.write_bytes(hashlib.sha256(compiled).digest() + compiled)
        newest = sorted(folder.glob(f'*{_SUFFIX}'), key=lambda path: path.stat().st_mtime)
        for old in newest[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        _logger.info('compiled networks are not kept for the next start: %s', error)


def _is_own(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    others_write = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not others_write
