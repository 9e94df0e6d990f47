# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Mapillary Street-Level Sequences: images of 30 cities over years, seasons and times of day.

Layout: train_val/<city>/{query,database}/{images/<key>.jpg, postprocessed.csv, raw.csv,
seq_info.csv, subtask_index.csv}. The task read here is image to image (im2im), subtask
``all``, panoramas left out, as in the evaluation of github.com/mapillary/mapillary_sls. The test
cities come without positions and cannot be scored here.

The cities lie in several UTM zones, whose coordinates overlap: each city is moved to a square of
its own, 10,000 km from the next.
"""

import math
from pathlib import Path

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.csv_rows import flag, number, read_csv
from structvpr_ros.data.readers.rows import make_table, Row
from structvpr_ros.errors import DatasetError

VALIDATION = ('cph', 'sf')
TRAINING = ('trondheim', 'london', 'boston', 'melbourne', 'amsterdam', 'helsinki', 'tokyo',
            'toronto', 'saopaulo', 'moscow', 'zurich', 'paris', 'bangkok', 'budapest', 'austin',
            'berlin', 'ottawa', 'phoenix', 'goa', 'amman', 'nairobi', 'manila')
_APART = 1e7  # metres


def is_msls(root: Path) -> bool:
    """Tell whether a folder looks like this layout."""
    return (root / 'train_val').is_dir()


def read_msls(root: Path) -> PlaceTable:
    """
    Read the cities that are there: ``train``, ``val_map`` and ``val_query``, by day and night.

    :raises DatasetError: no city is there, or one is incomplete.
    """
    cities = [city for city in (*VALIDATION, *TRAINING) if (root / 'train_val' / city).is_dir()]
    if not cities:
        raise DatasetError(f'{root / "train_val"}: expected folders of cities such as '
                           f'{", ".join(VALIDATION)} (from metadata.zip and images_vol_*.zip), '
                           'found none')
    rows: list[Row] = []
    for city in cities:
        for side, split in (('query', 'val_query'), ('database', 'val_map')):
            rows += _read_side(root, city, side, split if city in VALIDATION else 'train')
    return make_table(root, rows)


def _read_side(root: Path, city: str, side: str, split: str) -> list[Row]:
    folder = root / 'train_val' / city / side
    placed = folder / 'postprocessed.csv'
    shots = {row['key']: row for row in read_csv(folder / 'raw.csv', ('key', 'ca', 'pano'))}
    # Without a row here an image belongs to no sequence, hence to no task.
    sequenced = {row['key'] for row in read_csv(folder / 'seq_info.csv', ('key',))}
    chosen = _chosen(folder) if split != 'train' else sequenced
    shift = _APART * (*VALIDATION, *TRAINING).index(city)
    rows = []
    for row in read_csv(placed, ('key', 'easting', 'northing', 'night')):
        key = row['key']
        if key not in shots:
            raise DatasetError(f'{folder / "raw.csv"}: expected a row of key {key}, which '
                               'postprocessed.csv has, found none')
        if key not in sequenced or key not in chosen \
                or flag(folder / 'raw.csv', shots[key], 'pano'):
            continue
        rows.append(Row(
            f'train_val/{city}/{side}/images/{key}.jpg', f'{city}/{key}',
            (number(placed, row, 'easting') + shift, number(placed, row, 'northing')),
            _heading(folder / 'raw.csv', shots[key]),
            'night' if flag(placed, row, 'night') else 'day', split))
    return rows


def _chosen(folder: Path) -> set[str]:
    path = folder / 'subtask_index.csv'
    return {row['key'] for row in read_csv(path, ('key', 'all')) if flag(path, row, 'all')}


def _heading(path: Path, shot: dict[str, str]) -> float:
    if not shot['ca']:
        return math.nan
    # A compass angle: degrees clockwise from north.
    return math.remainder(math.radians(90 - number(path, shot, 'ca')), 2 * math.pi)
