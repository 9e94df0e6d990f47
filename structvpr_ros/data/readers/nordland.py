# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Nordland: a railway journey of 728 km, filmed in each of the four seasons.

Layout: spring/, summer/, fall/ and winter/ with the frames, one a second, as PNG or JPEG. Frames
of one name show the same place. Beside them usually lies a list of the frames that are used, as
published with Patch-NetVLAD (cleanImageNames.txt) or VPRSNN (nordland_imageNames.txt): those in
tunnels and at stops are left out.

The frames come without positions. The train's nominal 20 m/s turns the number of a frame among
the used ones into metres along the line.
"""

import logging
from pathlib import Path
from typing import Optional

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.rows import make_table, Row
from structvpr_ros.errors import DatasetError

SEASONS = ('summer', 'winter', 'spring', 'fall')
MAP_SEASON = 'summer'
METRES_PER_FRAME = 20.0
# Right is, as in Patch-NetVLAD, what is within 10 frames.
TOLERANCE = 10

_LISTS = ('cleanImageNames.txt', 'nordland_imageNames.txt',
          'dataset_imageNames/nordland_imageNames.txt')
_SUFFIXES = ('.png', '.jpg', '.jpeg')

_logger = logging.getLogger(__name__)


def is_nordland(root: Path) -> bool:
    """Tell whether a folder looks like this layout."""
    return (root / MAP_SEASON).is_dir() and len(_seasons(root)) > 1


def read_nordland(root: Path) -> PlaceTable:
    """
    Read the seasons that are there: summer is ``test_map``, the others are ``test_query``.

    :raises DatasetError: summer or all others are missing, or a frame is in one season only.
    """
    seasons = _seasons(root)
    if MAP_SEASON not in seasons or len(seasons) < 2:
        raise DatasetError(f'{root}: expected the folders {MAP_SEASON} and another one of '
                           f'{", ".join(SEASONS[1:])}, found {", ".join(seasons) or "none"}')
    names = _used(root)
    return make_table(root, [
        Row(f'{season}/{name}', name.rpartition('.')[0], (METRES_PER_FRAME * number, 0.0),
            condition=season, split='test_map' if season == MAP_SEASON else 'test_query')
        for season in seasons for number, name in enumerate(names)])


def _seasons(root: Path) -> list[str]:
    return [season for season in SEASONS if (root / season).is_dir()]


def _used(root: Path) -> list[str]:
    there = sorted(path.name for path in (root / MAP_SEASON).iterdir()
                   if path.suffix.lower() in _SUFFIXES)
    listed = _listed(root)
    if listed is None:
        _logger.warning('%s: without a list of used frames (%s) tunnels and stops are in: '
                        'published figures leave them out', root, ' or '.join(_LISTS[:2]))
        return there
    # Lists name the frames with or without suffix, and of all seasons alike.
    used = [name for name in there if name in listed or name.rpartition('.')[0] in listed]
    if not used:
        raise DatasetError(f'{root / MAP_SEASON}: expected frames of the list beside it, such as '
                           f'{min(listed, default="none")}, found none of them')
    return used


def _listed(root: Path) -> Optional[set[str]]:
    for name in _LISTS:
        if (root / name).is_file():
            try:
                lines = (root / name).read_text(encoding='utf-8').split()
            except UnicodeDecodeError as error:
                raise DatasetError(f'{root / name}: expected names of frames: {error}') from error
            return {Path(line).name for line in lines}
    return None
