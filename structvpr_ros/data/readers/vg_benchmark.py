# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Data sets in the form of the Deep Visual Geo-localization Benchmark: positions in file names.

Layout, as github.com/gmberton/VPR-datasets-downloader writes it for Pittsburgh, Tokyo 24/7, MSLS,
St Lucia, Eynsham, San Francisco, SVOX, Nordland and others: images/{train,val,test}/{database,
queries}/, the database also called gallery, and each image named
@<UTM east>@<UTM north>@... with further fields.
"""

import math
from pathlib import Path

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.rows import make_table, Row
from structvpr_ros.errors import DatasetError

_PARTS = ('train', 'val', 'test')
_SIDES = {'database': 'map', 'gallery': 'map', 'queries': 'query'}
_SUFFIXES = ('.jpg', '.jpeg', '.png')
# The field of a name that holds the heading, degrees clockwise from north.
_HEADING = 9


def is_vg_benchmark(root: Path) -> bool:
    """Tell whether a folder looks like this layout."""
    return any((root / 'images' / part / side).is_dir() for part in _PARTS for side in _SIDES)


def read_vg_benchmark(root: Path) -> PlaceTable:
    """
    Read the parts that are there.

    :return: splits ``train`` (database and queries), and ``val_map``, ``val_query``,
        ``test_map``, ``test_query``.
    :raises DatasetError: no part is there, or an image's name has no position.
    """
    rows = []
    for part in _PARTS:
        for side, role in _SIDES.items():
            folder = root / 'images' / part / side
            split = part if part == 'train' else f'{part}_{role}'
            if folder.is_dir():
                rows += [_row(root, path, split) for path in sorted(folder.iterdir())
                         if path.suffix.lower() in _SUFFIXES]
    if not rows:
        raise DatasetError(f'{root / "images"}: expected images in train, val or test, each with '
                           'database and queries, found none')
    return make_table(root, rows)


def _row(root: Path, path: Path, split: str) -> Row:
    fields = path.name.split('@')
    try:
        position = float(fields[1]), float(fields[2])
    except (IndexError, ValueError):
        position = (math.nan, math.nan)
    if not all(map(math.isfinite, position)):
        raise DatasetError(f'{path}: expected a name such as @0586400.12@4476012.50@...jpg, with '
                           'UTM east and north, found another')
    image = path.relative_to(root).as_posix()
    return Row(image, image.rpartition('.')[0], position, _heading(fields), split=split)


def _heading(fields: list[str]) -> float:
    if len(fields) <= _HEADING or not fields[_HEADING].isdecimal():
        return math.nan
    return math.remainder(math.radians(90 - int(fields[_HEADING])), 2 * math.pi)
