# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""MSLS in miniature: two validation cities and a training city, as the archives unpack."""

import math
from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.layouts import find_layout, LAYOUTS, read_dataset
from structvpr_ros.data.proximity import relate
from structvpr_ros.data.readers.msls import read_msls
from structvpr_ros.errors import DatasetError

SUBTASKS = 'key,all,s2w,w2s,o2n,n2o,d2n,n2d'


@pytest.fixture
def msls(tmp_path: Path, write_images, write_csv) -> Path:
    """
    Write cph, sf and paris.

    In cph key q1 lies 20 m from d1 and 40 m from d2, q2 is a panorama, q3 is not in the subtask,
    d3 is in no sequence. sf has the coordinates of cph.
    """
    def side(city: str, name: str, keys: dict[str, tuple[float, str, str, str, str]]) -> None:
        folder = f'train_val/{city}/{name}'
        write_images(f'{folder}/images/{key}.jpg' for key in keys)
        values = [(key, *value) for key, value in keys.items()]
        write_csv(f'{folder}/raw.csv', 'key,lon,lat,ca,captured_at,pano', [
            f'{key},12.5,55.6,{ca},2018-05-01,{pano}' for key, _, _, ca, pano, _ in values])
        write_csv(f'{folder}/postprocessed.csv',
                  'key,easting,northing,night,control_panel,view_direction,unique_cluster', [
                      f'{key},{500000 + x},6170000.0,{night},False,Forward,1'
                      for key, x, night, _, _, _ in values])
        write_csv(f'{folder}/seq_info.csv', 'key,sequence_key,frame_number', [
            f'{key},s1,{row}' for row, key in enumerate(keys) if key != 'd3'])
        write_csv(f'{folder}/subtask_index.csv', SUBTASKS, [
            f'{key},{chosen}' + ',False' * 6 for key, _, _, _, _, chosen in values])

    side('cph', 'query', {'q1': (0, 'True', '90.0', 'False', 'True'),
                          'q2': (0, 'False', '0.0', 'True', 'True'),
                          'q3': (0, 'False', '0.0', 'False', 'False')})
    side('cph', 'database', {'d1': (20, 'False', '270.0', 'False', 'True'),
                             'd2': (40, 'False', '', 'False', 'True'),
                             'd3': (0, 'False', '0.0', 'False', 'True')})
    side('sf', 'query', {'q4': (0, 'False', '0.0', 'False', 'True')})
    side('sf', 'database', {'d4': (10, 'False', '0.0', 'False', 'True')})
    side('paris', 'query', {'q5': (0, 'False', '0.0', 'False', 'False')})
    side('paris', 'database', {'d5': (1, 'False', '0.0', 'False', 'False')})
    write_images(['test/miami/query/images/t1.jpg'])
    return tmp_path


def test_images_of_the_task_by_city_split_and_time_of_day(msls):
    table = read_dataset(msls)
    assert dict(zip(table.images, table.splits)) == {
        'train_val/cph/query/images/q1.jpg': 'val_query',
        'train_val/cph/database/images/d1.jpg': 'val_map',
        'train_val/cph/database/images/d2.jpg': 'val_map',
        'train_val/sf/query/images/q4.jpg': 'val_query',
        'train_val/sf/database/images/d4.jpg': 'val_map',
        'train_val/paris/query/images/q5.jpg': 'train',
        'train_val/paris/database/images/d5.jpg': 'train'}
    assert dict(zip(table.places, table.conditions))['cph/q1'] == 'night'
    assert table.conditions.count('day') == 6


def test_right_is_within_25_m_whatever_the_heading_and_never_in_another_city(msls):
    table, rule = read_dataset(msls), LAYOUTS['msls'].rule
    queries, database = table.select('val_query'), table.select('val_map')
    assert [[database.places[row] for row in rows]
            for rows in relate(queries, database, rule).positives] == [['cph/d1'], ['sf/d4']]
    rows = [row for row, place in enumerate(table.places) if place in ('cph/q1', 'cph/d1')]
    np.testing.assert_allclose(table.positions[rows], [[500000, 6170000], [500020, 6170000]])
    assert np.abs(table.headings[rows]).tolist() == pytest.approx([0, math.pi], abs=1e-9)


def test_labels_have_a_place_of_their_own(msls):
    assert read_dataset(msls).label_path(0) == (
        msls / 'labels' / 'train_val/cph/query/images/q1.png').resolve()


def test_one_city_is_enough_and_none_is_not(msls, tmp_path):
    only = tmp_path / 'only' / 'train_val'
    only.mkdir(parents=True)
    with pytest.raises(DatasetError, match='expected folders of cities such as cph, sf'):
        read_msls(only.parent)
    (msls / 'train_val' / 'paris').rename(only / 'paris')
    assert set(read_msls(only.parent).splits) == {'train'}


@pytest.mark.parametrize('name', ['query/postprocessed.csv', 'database/raw.csv',
                                  'query/seq_info.csv', 'database/subtask_index.csv'])
def test_a_missing_table_is_named_with_the_source(msls, name):
    (msls / 'train_val' / 'cph' / name).unlink()
    with pytest.raises(DatasetError, match=f'cph/{name}: expected a table.*mapillary.com'):
        read_dataset(msls)


def test_a_missing_volume_of_images_is_told(msls):
    (msls / 'train_val' / 'sf' / 'query' / 'images' / 'q4.jpg').unlink()
    with pytest.raises(DatasetError, match=r'q4.jpg: expected an image.*\(1 of 7'):
        read_dataset(msls)


def test_tables_that_contradict_each_other(msls):
    path = msls / 'train_val' / 'cph' / 'query' / 'raw.csv'
    path.write_text(path.read_text().replace('q1', 'q9'))
    with pytest.raises(DatasetError, match='expected a row of key q1'):
        find_layout(msls).load(msls)
