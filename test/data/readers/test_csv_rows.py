# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of public data sets, and what is wrong with them."""

from pathlib import Path

import pytest

from structvpr_ros.data.readers.csv_rows import flag, number, read_csv
from structvpr_ros.errors import DatasetError

TABLE = Path('t.csv')


def write(tmp_path: Path, text: str) -> Path:
    (tmp_path / 't.csv').write_bytes(text.encode('latin-1'))
    return tmp_path / 't.csv'


def test_only_the_wanted_columns_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path, ',b,a,c\n0,1,"x,y",\n')
    assert read_csv(path, ('a', 'b')) == [{'a': 'x,y', 'b': '1'}]


@pytest.mark.parametrize('text, message', [
    ('', 'missing: a, b'), ('a\n1\n', 'missing: b'), ('a,b\n1\n', 't.csv:2: expected a value'),
    ('a,b\n"1,2\n', 'expected UTF-8 CSV'), ('a,b\n\xff,1\n', 'expected UTF-8 CSV')])
def test_what_is_wrong_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        read_csv(write(tmp_path, text), ('a', 'b'))


def test_a_table_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match='gone.csv: expected a table, found no such file'):
        read_csv(tmp_path / 'gone.csv', ('a',))


def test_values() -> None:
    row = {'x': '-1.5e3', 'bad': 'x', 'nan': 'nan', 'empty': '', 'yes': 'True', 'no': '0'}
    assert number(TABLE, row, 'x') == -1500
    assert flag(TABLE, row, 'yes') and not flag(TABLE, row, 'no')
    for column in ('bad', 'nan', 'empty'):
        with pytest.raises(DatasetError, match=f'finite number in column {column}'):
            number(TABLE, row, column)
        with pytest.raises(DatasetError, match=f'True or False in column {column}'):
            flag(TABLE, row, column)
