# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The place data set on disk: images/, optional labels/, and places.csv.

Columns of places.csv: image (relative to images/), then x, y (metres) or place (an ID) or all
three, and optionally heading (radians counter-clockwise from x), condition, split.
"""

from concurrent.futures import ThreadPoolExecutor
import csv
import math
from pathlib import Path, PurePosixPath
from typing import Iterator, Optional

import numpy as np

from structvpr_ros.data.image_files import check_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.csv_rows import number
from structvpr_ros.errors import DatasetError, ImageError
from structvpr_ros.storage import replacing_file

TABLE = 'places.csv'
COLUMNS = ('image', 'x', 'y', 'heading', 'place', 'condition', 'split')


def read_place_dataset(root: Path) -> PlaceTable:
    """
    Read and check a place data set; every row and image is checked before anything is returned.

    :raises DatasetError: naming the row: unknown or missing columns, a value that is no finite
        number, a path that leaves images/, a duplicate, an image that is missing or unreadable.
    """
    root = Path(root).resolve()
    rows = list(_read_rows(root / TABLE))
    if not rows:
        raise DatasetError(f'{root / TABLE}: expected at least one row, found none')
    _check_unique(root, rows)
    _check_images(root, rows)
    return _table(root, rows)


def write_place_dataset(table: PlaceTable) -> Path:
    """Write places.csv of a table whose images lie below ``table.root``; return its path."""
    path = table.root / TABLE
    with replacing_file(path) as aside, aside.open('w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row, image in enumerate(table.images):
            x, y = ('', '') if table.positions is None else table.positions[row].tolist()
            heading = table.headings[row]
            writer.writerow([
                PurePosixPath(image).relative_to('images'), x, y,
                '' if math.isnan(heading) else float(heading),
                table.places[row], table.conditions[row], table.splits[row]])
    return path


def _read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if not path.is_file():
        raise DatasetError(f'{path}: expected a place data set, found no such file')
    with path.open(newline='', encoding='utf-8-sig') as file:
        try:
            reader = csv.DictReader(file, strict=True)
            _check_columns(path, reader.fieldnames or [])
            for row in reader:
                if None in row or None in row.values():
                    raise DatasetError(
                        f'{path}:{reader.line_num}: expected {len(reader.fieldnames)} values '
                        f'({", ".join(reader.fieldnames)}), found another number')
                yield reader.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            raise DatasetError(f'{path}: expected UTF-8 CSV: {error}') from error


def _check_columns(path: Path, names: list[str]) -> None:
    unknown = sorted(set(names) - set(COLUMNS))
    # One coordinate alone is none.
    placed = ({'x', 'y'} <= set(names) or 'place' in names) and ('x' in names) == ('y' in names)
    if unknown or len(set(names)) < len(names) or 'image' not in names or not placed:
        raise DatasetError(
            f'{path}:1: expected the columns image and x,y or place, x only with y, and no others '
            f'than {", ".join(COLUMNS)}; found {", ".join(names) or "nothing"}')


def _check_unique(root: Path, rows: list[tuple[int, dict[str, str]]]) -> None:
    first: dict[str, int] = {}
    for line, row in rows:
        if row['image'] in first:
            raise DatasetError(f'{root / TABLE}:{line}: image {row["image"]!r} stands in line '
                               f'{first[row["image"]]} already')
        first[row['image']] = line


def _check_images(root: Path, rows: list[tuple[int, dict[str, str]]]) -> None:
    folder = root / 'images'

    def check(item: tuple[int, dict[str, str]]) -> None:
        line, row = item
        path = (folder / row['image']).resolve()
        if not row['image'] or not path.is_relative_to(folder.resolve()):
            raise DatasetError(f'{root / TABLE}:{line}: expected an image below {folder}, '
                               f'found {row["image"]!r}')
        try:
            check_image(path)
        except ImageError as error:
            raise DatasetError(f'{root / TABLE}:{line}: {error}') from error

    with ThreadPoolExecutor() as pool:
        # map() raises at the first bad row in file order, whichever thread finished first.
        for _ in pool.map(check, rows):
            pass


def _table(root: Path, rows: list[tuple[int, dict[str, str]]]) -> PlaceTable:
    path = root / TABLE
    has_positions = 'x' in rows[0][1] and any(row['x'] for _, row in rows)
    positions = [(number(f'{path}:{line}', row, 'x'), number(f'{path}:{line}', row, 'y'))
                 for line, row in rows] if has_positions else None
    headings = [number(f'{path}:{line}', row, 'heading') if row.get('heading') else math.nan
                for line, row in rows]
    images = tuple((PurePosixPath('images') / row['image']).as_posix() for _, row in rows)
    return PlaceTable(
        root=root,
        images=images,
        places=tuple(_place(root, line, row, has_positions) for line, row in rows),
        positions=None if positions is None else np.array(positions, np.float64),
        headings=np.array(headings, np.float64),
        conditions=tuple(row.get('condition') or '' for _, row in rows),
        splits=tuple(row.get('split') or '' for _, row in rows))


def _place(root: Path, line: int, row: dict[str, Optional[str]], has_positions: bool) -> str:
    if row.get('place'):
        return row['place']
    if has_positions:
        # Other sets may have images of this name, and a map may hold several sets.
        return f'{root.name}/{PurePosixPath(row["image"]).with_suffix("").as_posix()}'
    raise DatasetError(f'{root / TABLE}:{line}: expected a place ID or x and y, found neither')
