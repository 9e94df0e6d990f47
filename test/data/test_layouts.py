# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Recognising layouts, by name and by look."""

from pathlib import Path
import re
from typing import get_args

import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.layouts import find_layout, LayoutName, LAYOUTS, read_dataset
from structvpr_ros.errors import DatasetError


def test_our_own_folder_comes_first(tiny_dataset, tmp_path):
    assert find_layout(tiny_dataset) is LAYOUTS['folder']
    assert read_dataset(tiny_dataset).images == read_place_dataset(tiny_dataset).images
    (tmp_path / 'query').mkdir()
    (tmp_path / 'ref').mkdir()
    assert find_layout(tmp_path) is LAYOUTS['vpr_bench']
    (tmp_path / 'places.csv').touch()
    assert find_layout(tmp_path) is LAYOUTS['folder']


def test_a_folder_that_looks_like_nothing(tmp_path):
    with pytest.raises(DatasetError, match=r'expected a place data set \(places.csv\) or a public '
                       'one, found neither: name it by --layout as one of folder, gsv_cities'):
        read_dataset(tmp_path)
    with pytest.raises(DatasetError, match='gone: expected a place data set, found no'):
        read_dataset(tmp_path / 'gone')


@pytest.mark.parametrize('name', LAYOUTS)
def test_each_refuses_an_empty_folder_and_says_where_to_get_it(tmp_path, name):
    assert not LAYOUTS[name].matches(tmp_path)
    with pytest.raises(DatasetError) as refusal:
        read_dataset(tmp_path, name)
    assert LAYOUTS[name].source in str(refusal.value)
    assert LAYOUTS[name].source or name == 'folder'
    assert name in get_args(LayoutName)


def test_each_has_a_line_in_the_documentation():
    text = (Path(__file__).resolve().parents[2] / 'docs' / 'datasets.md').read_text()
    first_cells = ''.join(line.split('|')[1] for line in text.splitlines() if line.startswith('|'))
    assert set(re.findall('`(.+?)`', first_cells)) == set(LAYOUTS)
