# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Finding the images of a folder."""

from concurrent.futures import ThreadPoolExecutor
import os
from pathlib import Path
from typing import Iterator

from structvpr_ros.data.image_files import check_image
from structvpr_ros.errors import DatasetError

SUFFIXES = frozenset(('.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff', '.bmp'))


def image_files(folder: Path) -> list[Path]:
    """
    Return the images below a folder, by name; hidden files and folders are left alone.

    :return: paths relative to the folder.
    :raises DatasetError: there is no such folder, no image in it, a link that leads out of it, or
        a name that cannot be printed.
    :raises ImageError: an image cannot be decoded.
    """
    if not folder.is_dir():
        raise DatasetError(f'{folder}: expected a folder of images, found none')
    found = sorted(_below(folder))
    if not found:
        raise DatasetError(f'{folder}: expected images ({", ".join(sorted(SUFFIXES))}), '
                           'found none')
    root = folder.resolve()
    for path in found:
        # Names that are no text come as surrogates, which none of our files can hold.
        if not str(path).isprintable():
            raise DatasetError(f'{folder}: expected names that can be printed, '
                               f'found {str(path)!r}')
        if not (folder / path).resolve().is_relative_to(root):
            raise DatasetError(f'{folder / path}: expected an image below {folder}, found a link '
                               'that leads elsewhere')
    with ThreadPoolExecutor() as pool:
        for _ in pool.map(check_image, (folder / path for path in found)):
            pass
    return found


def _below(folder: Path) -> Iterator[Path]:
    # Links to folders are not followed: they may lead in circles.
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith('.')]
        for name in files:
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith('.'):
                yield Path(place, name).relative_to(folder)
