# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""GSV-Cities in miniature: images named by the columns of their table."""

import pytest

from structvpr_ros.data.layouts import read_dataset
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.errors import DatasetError

HEADER = 'place_id,year,month,northdeg,city_id,lat,lon,panoid'
PARIS = ['12,2015,6,7,Paris,48.8606111,2.337644,aaaa_bb-c', '12,2019,11,187,Paris,48.8606,2.33,dd']
OSAKA = ['12,2010,1,90,Osaka,34.69,135.5,ee']
IMAGES = ['Images/Paris/Paris_0000012_2015_06_007_48.8606111_2.337644_aaaa_bb-c.jpg',
          'Images/Paris/Paris_0000012_2019_11_187_48.8606_2.33_dd.jpg',
          'Images/Osaka/Osaka_0000012_2010_01_090_34.69_135.5_ee.jpg']


@pytest.fixture
def gsv(tmp_path, write_images):
    write_images(IMAGES)
    (tmp_path / 'Dataframes').mkdir()
    for city, lines in (('Paris', PARIS), ('Osaka', OSAKA), ('London', PARIS)):
        (tmp_path / 'Dataframes' / f'{city}.csv').write_text('\n'.join([HEADER, *lines]) + '\n')
    return tmp_path


def test_places_by_city_and_id(gsv):
    table = read_dataset(gsv)
    assert table.images == (IMAGES[2], *IMAGES[:2]) and set(table.splits) == {'train'}
    assert table.positions is None
    assert [rows.tolist() for rows in relate(table, table, Proximity()).positives] == [
        [], [2], [1]]


def test_what_is_missing_is_told(gsv):
    (gsv / IMAGES[1]).unlink()
    with pytest.raises(DatasetError, match='2019_11_187.*expected an image.*gsv-cities'):
        read_dataset(gsv)
    path = gsv / 'Dataframes' / 'Osaka.csv'
    path.write_text(path.read_text().replace('2010', 'MMX'))
    with pytest.raises(DatasetError, match='Osaka.csv: expected whole numbers'):
        read_dataset(gsv)
    (gsv / 'Images').rename(gsv / 'images_of_gsv')
    with pytest.raises(DatasetError, match='found 3 tables and no images'):
        read_dataset(gsv, 'gsv_cities')
