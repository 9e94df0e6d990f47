# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Pittsburgh in miniature, with a real MATLAB struct; and what a damaged one does."""

from pathlib import Path

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.io import savemat

from structvpr_ros.data.layouts import find_layout, LAYOUTS, read_dataset
from structvpr_ros.data.proximity import relate
from structvpr_ros.data.readers.db_struct import read_db_struct
from structvpr_ros.errors import DatasetError

DATABASE = ['000/000000_pitch1_yaw1.jpg', '000/000000_pitch2_yaw12.jpg',
            '001/001001_pitch1_yaw1.jpg']
QUERIES = ['000/000100_pitch1_yaw3.jpg', '001/001100_pitch1_yaw3.jpg']


def cells(names: list[str]) -> np.ndarray:
    return np.array([[name] for name in names], object)


def save_struct(path: Path, database: list[str], queries: list[str], **fields) -> Path:
    """Write dbStruct as NetVLAD does; positions are 100 m apart, queries 20 m off."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def utm(names: list[str], off: float) -> np.ndarray:
        return np.array([[585000.0 + 100 * int(name[:3]) + off, 4476000.0] for name in names]).T

    savemat(path, {'dbStruct': {
        'whichSet': 'test', 'dbImageFns': cells(database), 'utmDb': utm(database, 0),
        'qImageFns': cells(queries), 'utmQ': utm(queries, 20), 'numImages': float(len(database)),
        'numQueries': float(len(queries)), 'posDistThr': 25.0, 'posDistSqThr': 625.0,
        'nonTrivPosDistSqThr': 100.0, **fields}})
    return path


@pytest.fixture
def pittsburgh(tmp_path: Path, write_images) -> Path:
    write_images([*DATABASE, *(f'queries_real/{name}' for name in QUERIES)])
    save_struct(tmp_path / 'datasets' / 'pitts30k_test.mat', DATABASE, QUERIES)
    return tmp_path


def test_database_and_queries(pittsburgh):
    table = read_dataset(pittsburgh)
    assert table.images == (*DATABASE, *(f'queries_real/{name}' for name in QUERIES))
    assert table.splits == ('test_map',) * 3 + ('test_query',) * 2
    assert table.places[0] == table.places[1] == '000/000000' != table.places[2]
    queries, database = table.select('test_query'), table.select('test_map')
    rule = LAYOUTS['pittsburgh30k'].rule
    assert [rows.tolist() for rows in relate(queries, database, rule).positives] == [[0, 1], [2]]


def test_the_training_part_is_one_split_and_sizes_are_told_apart(pittsburgh, write_images):
    write_images(['002/002000_pitch1_yaw1.jpg', 'queries_real/002/002100_pitch1_yaw1.jpg'])
    save_struct(pittsburgh / 'datasets' / 'pitts250k_train.mat', ['002/002000_pitch1_yaw1.jpg'],
                ['002/002100_pitch1_yaw1.jpg'])
    with pytest.raises(DatasetError, match='those of pittsburgh30k, pittsburgh250k: name it by'):
        find_layout(pittsburgh)
    assert read_dataset(pittsburgh, 'pittsburgh250k').splits == ('train', 'train')
    assert len(read_dataset(pittsburgh, 'pittsburgh30k')) == 5


def test_what_is_missing_is_told(pittsburgh, tmp_path):
    with pytest.raises(DatasetError, match='pitts250k_train.mat.*netvlad_v100.*Pittsburgh'):
        read_dataset(pittsburgh, 'pittsburgh250k')
    (pittsburgh / 'queries_real' / QUERIES[1]).unlink()
    with pytest.raises(DatasetError, match=r'queries_real/001/.*\(1 of 5'):
        read_dataset(pittsburgh)


def test_one_image_and_one_query(tmp_path):
    struct = read_db_struct(save_struct(tmp_path / 'a.mat', DATABASE[:1], QUERIES[:1]))
    assert struct.database == (DATABASE[0],) and struct.queries == (QUERIES[0],)
    np.testing.assert_array_equal(struct.query_positions, [[585020, 4476000]])


@pytest.mark.parametrize('fields', [
    {'utmDb': np.zeros((2, 2))}, {'utmQ': np.full((2, 2), np.nan)}, {'utmQ': 'text'},
    {'dbImageFns': np.ones((3, 1))}, {'qImageFns': 'one.jpg'}])
def test_a_struct_that_contradicts_itself(tmp_path, fields):
    path = save_struct(tmp_path / 'a.mat', DATABASE, QUERIES, **fields)
    with pytest.raises(DatasetError, match='a.mat: expected'):
        read_db_struct(path)


def test_another_file_is_refused(tmp_path):
    savemat(tmp_path / 'other.mat', {'dbStruct': np.ones(3)})
    savemat(tmp_path / 'none.mat', {'x': 1})
    for name in ('other.mat', 'none.mat'):
        with pytest.raises(DatasetError, match='expected a struct dbStruct with the fields'):
            read_db_struct(tmp_path / name)
    with pytest.raises(DatasetError, match='gone.mat: expected a MATLAB file, found no such'):
        read_db_struct(tmp_path / 'gone.mat')


def test_images_outside_of_the_folder_are_refused(pittsburgh):
    save_struct(pittsburgh / 'datasets' / 'pitts30k_test.mat', ['000/../../secret.jpg'], QUERIES)
    with pytest.raises(DatasetError, match='expected images below it'):
        read_dataset(pittsburgh)


def test_a_file_that_crashes_the_reader_is_refused(tmp_path):
    path = save_struct(tmp_path / 'crash.mat', DATABASE, QUERIES)
    content = bytearray(path.read_bytes())
    content[1361] = 88  # SciPy writes to address 0
    path.write_bytes(content)
    with pytest.raises(DatasetError, match='crash.mat: expected a MATLAB file, found'):
        read_db_struct(path)


@given(st.data())
def test_a_damaged_file_is_refused_or_read(tmp_path_factory, data):
    path = save_struct(tmp_path_factory.getbasetemp() / 'damaged.mat', DATABASE, QUERIES)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[:data.draw(st.integers(0, len(content)))])
    try:
        read_db_struct(path)
    except DatasetError:
        pass
