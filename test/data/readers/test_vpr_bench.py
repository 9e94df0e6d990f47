# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""VPR-Bench in miniature: pairs from a pickled array, which is never unpickled, or from JSON."""

import json
from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.layouts import LAYOUTS, read_dataset
from structvpr_ros.data.proximity import relate
from structvpr_ros.errors import DatasetError

CORRIDOR = Path(__file__).resolve().parents[4] / 'shared' / 'data' / 'corridor'


def save_pairs(path: Path, pairs: list[tuple[int, list[int]]]) -> None:
    array = np.empty((len(pairs), 2), object)
    for row, (query, right) in enumerate(pairs):
        array[row] = query, right
    np.save(path, array)


@pytest.fixture
def bench(tmp_path: Path, write_images) -> Path:
    # By number, not by name: 10 comes last.
    write_images(f'{side}/{number}.jpg' for side in ('query', 'ref') for number in (0, 1, 2, 10))
    save_pairs(tmp_path / 'ground_truth_new.npy', [(0, [0, 1]), (1, [0, 1, 2]), (2, []), (3, [3])])
    return tmp_path


def positives(root: Path) -> list[list[str]]:
    table = read_dataset(root)
    queries, database = table.select('test_query'), table.select('test_map')
    return [[database.images[row] for row in rows]
            for rows in relate(queries, database, LAYOUTS['vpr_bench'].rule).positives]


def test_the_list_says_what_is_right(bench):
    table = read_dataset(bench)
    assert table.positions is None
    assert table.select('test_query').images == tuple(
        f'query/{number}.jpg' for number in (0, 1, 2, 10))
    assert positives(bench) == [
        ['ref/0.jpg', 'ref/1.jpg'], ['ref/0.jpg', 'ref/1.jpg', 'ref/2.jpg'], [], ['ref/10.jpg']]


def test_the_list_holds_for_a_part_of_the_images(bench):
    table = read_dataset(bench)
    queries, database = table.select('test_query').take([1]), table.select('test_map').take([2, 0])
    relations = relate(queries, database, LAYOUTS['vpr_bench'].rule)
    assert [rows.tolist() for rows in relations.positives] == [[0, 1]]
    assert [rows.tolist() for rows in relations.excluded] == [[0, 1]]


def test_references_behind_the_last_one_are_dropped(bench):
    save_pairs(bench / 'ground_truth_new.npy', [(3, [3, 4, 5, -1])])
    assert positives(bench) == [[], [], [], ['ref/10.jpg']]


def test_json_instead(bench):
    before = positives(bench)
    (bench / 'ground_truth_new.npy').unlink()
    (bench / 'ground_truth.json').write_text(json.dumps(
        {'0': [0, 1], '1': [0, 1, 2], '2': [], '3': [3]}))
    assert positives(bench) == before


@pytest.mark.parametrize('text', ['', '[]', '{"x": []}', '{"0": 1}', '{"0": ["1"]}',
                                  '{"0": [true]}', '{"0": [1.5]}', '[' * 100000])
def test_bad_json_is_refused(bench, text):
    (bench / 'ground_truth.json').write_text(text)
    with pytest.raises(DatasetError, match='ground_truth.json: expected'):
        read_dataset(bench)


def test_what_is_missing_is_told(bench, tmp_path):
    save_pairs(bench / 'ground_truth_new.npy', [(4, [0])])
    with pytest.raises(DatasetError, match='4 queries, found a pair of query number 4'):
        read_dataset(bench)
    (bench / 'ground_truth_new.npy').unlink()
    with pytest.raises(DatasetError, match='ground_truth_new.npy or ground_truth.json.*VPR-Bench'):
        read_dataset(bench)
    (bench / 'ref' / '2.jpg').rename(bench / 'ref' / 'two.jpg')
    with pytest.raises(DatasetError, match='two.jpg: expected a number as the name'):
        read_dataset(bench)
    (bench / 'ref').rename(bench / 'reference')
    with pytest.raises(DatasetError, match='ref: expected a folder of images'):
        read_dataset(bench, 'vpr_bench')


@pytest.mark.skipif(not CORRIDOR.is_dir(), reason='Corridor is not beside the repository')
def test_corridor_beside_the_repository() -> None:
    right = positives(CORRIDOR)
    assert len(right) == 111
    assert right[0] == [f'ref/{number:07}.jpg' for number in (0, 1, 2)]
