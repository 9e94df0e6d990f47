# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Tokyo 24/7 in miniature, as the authors' archives unpack and as people sort them."""

from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from structvpr_ros.data.layouts import LAYOUTS, read_dataset
from structvpr_ros.data.proximity import relate
from structvpr_ros.errors import DatasetError

PANO = '03814/381452/3814521377/'
DATABASE = [f'{PANO}1XbcLkN9zGLTxVQBfJqHXA_012_{angle:03}.jpg' for angle in (0, 30)] + [
    '03829/382931/3829310001/zzzcLkN9zGLTxVQBfJqHXA_012_000.jpg']
QUERIES = ['00001.jpg', '00002.jpg']


def write(root: Path, write_images, database: str = '', queries: str = '', mat: str = '') -> None:
    # The struct says .jpg, the files are .png.
    write_images([database + name.replace('.jpg', '.png') for name in DATABASE])
    write_images([f'{queries}247query_subset_v2/{name}' for name in QUERIES])
    (root / mat).mkdir(parents=True, exist_ok=True)

    def cells(names: list[str]) -> np.ndarray:
        return np.array([[name] for name in names], object)

    savemat(root / mat / 'tokyo247.mat', {'dbStruct': {
        'whichSet': 'test', 'dbImageFns': cells(DATABASE),
        'utmDb': np.array([[0.0, 0.0, 500.0], [0.0, 0.0, 0.0]]), 'qImageFns': cells(QUERIES),
        'utmQ': np.array([[24.0, 526.0], [0.0, 0.0]]), 'numImages': 3.0, 'numQueries': 2.0,
        'posDistThr': 25.0, 'posDistSqThr': 625.0}})


@pytest.mark.parametrize('folders', [
    {}, {'mat': 'datasets'}, {'database': 'database_gsv_vga/', 'queries': 'queries/'}])
def test_database_and_queries(tmp_path, write_images, folders):
    write(tmp_path, write_images, **folders)
    table = read_dataset(tmp_path)
    assert table.images[0].endswith('_012_000.png') and len(table) == 5
    assert table.splits == ('test_map',) * 3 + ('test_query',) * 2
    assert table.places[0] == table.places[1] == PANO.rstrip('/') != table.places[2]
    queries, database = table.select('test_query'), table.select('test_map')
    rule = LAYOUTS['tokyo247'].rule
    assert [rows.tolist() for rows in relate(queries, database, rule).positives] == [[0, 1], []]


def test_what_is_missing_is_told(tmp_path, write_images):
    with pytest.raises(DatasetError, match='expected tokyo247.mat or datasets/tokyo247.mat'):
        read_dataset(tmp_path, 'tokyo247')
    write(tmp_path, write_images)
    (tmp_path / '247query_subset_v2').rename(tmp_path / 'elsewhere')
    with pytest.raises(DatasetError, match='expected the queries in 247query_subset_v2 or'):
        read_dataset(tmp_path, 'tokyo247')
    (tmp_path / 'elsewhere').rename(tmp_path / '247query_subset_v2')
    (tmp_path / '247query_subset_v2' / '00002.jpg').unlink()
    with pytest.raises(DatasetError, match=r'00002.jpg: expected an image.*\(1 of 5.*Tokyo 24/7'):
        read_dataset(tmp_path)
