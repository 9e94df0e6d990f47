# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
GSV-Cities: 62,000 places in 23 cities, each seen from the same spot over years; for training.

Layout of github.com/amaralibey/gsv-cities: Dataframes/<city>.csv and Images/<city>/, where an
image is named by the columns of its row.
"""

from pathlib import Path

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.csv_rows import read_csv
from structvpr_ros.data.readers.rows import make_table, Row
from structvpr_ros.errors import DatasetError

_COLUMNS = ('place_id', 'year', 'month', 'northdeg', 'city_id', 'lat', 'lon', 'panoid')
# How many digits the name of an image has for each of these.
_DIGITS = {'place_id': 7, 'year': 4, 'month': 2, 'northdeg': 3}


def is_gsv_cities(root: Path) -> bool:
    """Tell whether a folder looks like this layout."""
    return (root / 'Dataframes').is_dir() and (root / 'Images').is_dir()


def read_gsv_cities(root: Path) -> PlaceTable:
    """
    Read all cities whose table and images are there, as split ``train``.

    Places are known by their IDs: two places of a city are never the same, however near.

    :raises DatasetError: no city is there, or an image is missing.
    """
    tables = sorted((root / 'Dataframes').glob('*.csv'))
    rows = [row for table in tables if (root / 'Images' / table.stem).is_dir()
            for row in _read_city(table)]
    if not rows:
        raise DatasetError(f'{root}: expected Dataframes/<city>.csv and Images/<city>/ for at '
                           f'least one city, found {len(tables)} tables and no images of theirs')
    return make_table(root, rows)


def _read_city(table: Path) -> list[Row]:
    return [Row(f'Images/{row["city_id"]}/{_name(table, row)}',
                f'{row["city_id"]}_{int(row["place_id"]):07}', split='train')
            for row in read_csv(table, _COLUMNS)]


def _name(table: Path, row: dict[str, str]) -> str:
    try:
        parts = [f'{int(row[column]):0{digits}}' for column, digits in _DIGITS.items()]
    except ValueError as error:
        raise DatasetError(f'{table}: expected whole numbers in {", ".join(_DIGITS)}: '
                           f'{error}') from error
    return '_'.join([row['city_id'], *parts, row['lat'], row['lon'], row['panoid']]) + '.jpg'
