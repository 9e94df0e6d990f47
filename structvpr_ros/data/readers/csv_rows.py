# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Tables in CSV that come with public data sets."""

import csv
import math
from pathlib import Path
from typing import Sequence, Union

from structvpr_ros.errors import DatasetError


def read_csv(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """
    Read a CSV file with a header; of each row only the wanted columns are kept.

    :raises DatasetError: no such file, no CSV in UTF-8, a column or a value that is missing.
    """
    if not path.is_file():
        raise DatasetError(f'{path}: expected a table, found no such file')
    with path.open(newline='', encoding='utf-8-sig') as file:
        try:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise DatasetError(f'{path}:1: expected the columns {", ".join(columns)}; '
                                   f'missing: {", ".join(missing)}')
            rows = [{name: row[name] for name in columns} for row in reader]
        except (csv.Error, UnicodeDecodeError) as error:
            raise DatasetError(f'{path}: expected UTF-8 CSV: {error}') from error
    for line, row in enumerate(rows, 2):
        if None in row.values():
            raise DatasetError(f'{path}:{line}: expected a value for {", ".join(columns)}, '
                               'found too few')
    return rows


def number(where: Union[Path, str], row: dict[str, str], column: str) -> float:
    """
    Return a value of a row as a number.

    :param where: the table, or the table and the line, for the message.
    :raises DatasetError: it is no finite number.
    """
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DatasetError(f'{where}: expected a finite number in column {column}, found '
                           f'{row[column]!r}')
    return value


def flag(path: Path, row: dict[str, str], column: str) -> bool:
    """
    Return a value of a row, True or False, as such.

    :raises DatasetError: it is neither.
    """
    try:
        return {'true': True, '1': True, 'false': False, '0': False}[row[column].lower()]
    except KeyError:
        raise DatasetError(f'{path}: expected True or False in column {column}, found '
                           f'{row[column]!r}') from None
