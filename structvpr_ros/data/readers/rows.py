# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From rows of images to a place table, once every file is seen to be there."""

import math
import os
from pathlib import Path, PurePosixPath
from typing import Mapping, NamedTuple, Optional, Sequence

import numpy as np

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import DatasetError


class Row(NamedTuple):
    """One image: see ``PlaceTable`` for what its fields mean."""

    image: str
    place: str
    position: Optional[tuple[float, float]] = None
    heading: float = math.nan
    condition: str = ''
    split: str = ''
    label: Optional[str] = None


class Listing:
    """Which files lie below a folder; each folder is read once, however many files it has."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names: dict[str, frozenset[str]] = {}

    def __contains__(self, path: str) -> bool:
        folder, _, name = path.rpartition('/')
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(os.listdir(self._root / folder))
            except OSError:
                self._names[folder] = frozenset()
        return name in self._names[folder]


def make_table(root: Path, rows: Sequence[Row],
               truth: Optional[Mapping[str, frozenset[str]]] = None) -> PlaceTable:
    """
    Return the rows as a table; either all of them have positions or none.

    :raises DatasetError: there are no rows, an image is listed twice, is missing or lies
        outside of ``root``.
    """
    if not rows:
        raise DatasetError(f'{root}: expected images, found none')
    _check_files(root, rows)
    images, places, positions, headings, conditions, splits, labels = zip(*rows)
    return PlaceTable(
        root=root, images=images, places=places,
        positions=None if positions[0] is None else np.array(positions, np.float64),
        headings=np.array(headings, np.float64), conditions=conditions, splits=splits,
        labels=None if labels[0] is None else labels, truth=truth)


def _check_files(root: Path, rows: Sequence[Row]) -> None:
    listing, seen = Listing(root), set()
    missing = []
    for row in rows:
        path = PurePosixPath(row.image)
        if path.is_absolute() or '..' in path.parts or '\0' in row.image:
            raise DatasetError(f'{root}: expected images below it, found {row.image!r} listed')
        if row.image in seen:
            raise DatasetError(f'{root}: image {row.image!r} is listed twice')
        seen.add(row.image)
        if row.image not in listing:
            missing.append(row.image)
    if missing:
        raise DatasetError(f'{root / missing[0]}: expected an image, found no such file '
                           f'({len(missing)} of {len(rows)} images are missing)')
