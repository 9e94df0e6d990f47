# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The two homes of a map, and a robot that goes on when one of them is gone."""

from dataclasses import replace

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.errors import ConfigurationError, MapError, StoreError
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.place_map.milvus_client import MilvusOptions
from structvpr_ros.place_map.open_maps import open_maps
from structvpr_ros.place_map.place_map import PlaceMap

pytest.importorskip('pymilvus', reason='pip install "structvpr_ros[milvus]"')
pytest.importorskip('milvus_lite', reason='pip install "structvpr_ros[milvus]"')

DEAD = MilvusOptions('http://127.0.0.1:1', timeout=1.0)


@pytest.fixture(scope='module')
def homes(tiny_dataset, tiny_bundle, tmp_path_factory):
    """Give a map in a folder and the server that build_map brought it to."""
    folder = tmp_path_factory.mktemp('homes')
    uri = str(folder / 'city.db')
    local = build_map(BuildMapOptions(tiny_dataset, tiny_bundle, folder / 'map', condition='day',
                                      store='milvus', uri=uri, collection='town'))
    return local, MilvusOptions(uri, 'town')


@pytest.fixture(scope='module')
def image(tiny_dataset):
    table = read_place_dataset(tiny_dataset).select(condition='day')
    return read_image(table.image_path(2))


def test_a_folder_alone(homes):
    place_map, fallback = open_maps(homes[0])
    assert len(place_map) == 6 and not place_map.remote and fallback is None


def test_both_homes_answer_alike(homes, tiny_bundle, image):
    local = Localizer.open(homes[0], tiny_bundle)
    both = Localizer.open(homes[0], tiny_bundle, milvus=homes[1])
    alone = Localizer.open(None, tiny_bundle, milvus=homes[1])
    assert both.place_map.remote and both.fallback.folder == homes[0] and alone.fallback is None
    expected = local.recognize(image, 0.0).candidates
    for localizer in (both, alone):
        found = localizer.recognize(image, 0.0).candidates
        assert [candidate.frame for candidate in found] == [
            candidate.frame for candidate in expected]
        np.testing.assert_allclose([candidate.score for candidate in found],
                                   [candidate.score for candidate in expected], atol=1e-5)


def test_a_dead_address_at_the_start(homes, tiny_bundle, image, caplog):
    localizer = Localizer.open(homes[0], tiny_bundle, milvus=DEAD)
    assert not localizer.place_map.remote
    assert localizer.recognize(image, 0.0).localized
    assert f'going on with the map in {homes[0]}: http://127.0.0.1:1 places' in caplog.text
    with pytest.raises(StoreError, match='127.0.0.1:1 places'):
        Localizer.open(None, tiny_bundle, milvus=DEAD)


def test_a_server_that_dies_under_way_and_comes_back(homes, tiny_bundle, image, caplog):
    remote, local = open_maps(*homes)
    localizer = Localizer(remote, create_engine(tiny_bundle), fallback=local)
    expected = localizer.recognize(image, 0.0).candidates[0].frame
    server = remote._index._server
    there, server._client = server._client, None
    server._client = _Gone()
    for _ in range(2):
        assert localizer.recognize(image, 0.0).candidates[0].frame == expected
    assert caplog.text.count('going on with the map in') == 1
    server._client, server._silent_until = there, 0.0
    assert localizer.recognize(image, 0.0).candidates[0].frame == expected
    assert 'answers again' in caplog.text


class _Gone:

    def search(self, *arguments, **others):
        raise OSError('connection reset')

    def close(self):
        raise OSError('there is no connection')


def test_without_a_fallback_the_image_has_no_answer(homes, tiny_bundle, image):
    remote, _ = open_maps(None, homes[1])
    localizer = Localizer(remote, create_engine(tiny_bundle))
    remote._index._server._client = _Gone()
    with pytest.raises(StoreError, match='connection reset'):
        localizer.recognize(image, 0.0)


def test_homes_that_do_not_go_together(homes, tiny_dataset, tiny_bundle, tmp_path):
    other = build_map(BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'map',
                                      frame_id='elsewhere'))
    with pytest.raises(ConfigurationError, match='expected the frame_id of .* town, map; found'):
        open_maps(other, homes[1])
    with pytest.raises(ConfigurationError, match='found neither'):
        open_maps(None)


def test_the_model_of_both_is_checked(homes, tiny_bundle):
    remote, local = open_maps(*homes)
    other = PlaceMap(local.folder, replace(local.meta, fingerprint='e' * 64), local.frames,
                     local._index)
    with pytest.raises(MapError, match='expected the model that built this map'):
        Localizer(remote, create_engine(tiny_bundle), fallback=other)


@pytest.mark.parametrize('wrong', [{'uri': 'a.db'}, {'store': 'milvus'},
                                   {'store': 'milvus', 'uri': 'x'},
                                   {'store': 'milvus', 'uri': 'a.db', 'collection': '!'}])
def test_options_of_build_map(tiny_dataset, tiny_bundle, tmp_path, wrong):
    with pytest.raises(ConfigurationError, match='expected'):
        BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path, **wrong)


def test_a_dead_address_is_told_before_anything_is_described(tiny_dataset, tiny_bundle, tmp_path):
    with pytest.raises(StoreError, match='127.0.0.1:1'):
        build_map(BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'map', store='milvus',
                                  uri=DEAD.uri))
    assert not (tmp_path / 'map').exists()
