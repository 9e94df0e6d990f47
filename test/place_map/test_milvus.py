# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A map in a real file of Milvus Lite, and servers that do not answer."""

from contextlib import closing
import json
import socket
import time

import numpy as np
import pytest

from structvpr_ros.errors import ConfigurationError, MapError, StoreError
from structvpr_ros.matching.ranking import rank_places
from structvpr_ros.place_map import milvus_map
from structvpr_ros.place_map.milvus_client import connect, MilvusOptions
from structvpr_ros.place_map.milvus_map import open_milvus_map
from structvpr_ros.place_map.milvus_publish import publish_map, PublishOptions
from structvpr_ros.place_map.place_map import PlaceMap

pytest.importorskip('pymilvus', reason='pip install "structvpr_ros[milvus]"')
pytest.importorskip('milvus_lite', reason='pip install "structvpr_ros[milvus]"')

COUNT = 1100  # three batches


@pytest.fixture(scope='module')
def store(tmp_path_factory):
    # One server for all tests: each is a process of its own.
    return MilvusOptions(str(tmp_path_factory.mktemp('milvus') / 'city.db'))


@pytest.fixture
def published(make_map, store):
    folder = make_map(count=COUNT)
    publish_map(PublishOptions(folder, store.uri))
    return folder, open_milvus_map(store)


def test_it_answers_as_the_folder(published):
    folder, remote = published
    local = PlaceMap.open(folder)
    assert len(remote) == COUNT and remote.thumbnails is None
    assert (remote.meta.fingerprint, remote.meta.frame_id, remote.meta.places) == \
        ('f' * 64, 'map', COUNT // 2)
    queries = local.descriptors()[::100]
    np.testing.assert_allclose(remote.search(queries, 7)[0], local.search(queries, 7)[0],
                               atol=1e-5)
    for query in queries:
        assert rank_places(remote, query, 3)[0].frame == rank_places(local, query, 3)[0].frame
    assert tuple(remote.frames) == local.frames and remote.frames[COUNT - 1].row == COUNT - 1
    with pytest.raises(IndexError):
        remote.frames[COUNT]
    with pytest.raises(StoreError, match='descriptors are not fetched'):
        remote.descriptors()


def test_all_frames_of_a_small_map(make_map, store):
    publish_map(PublishOptions(make_map(count=4), store.uri))
    remote = open_milvus_map(store)
    scores, rows = remote.search(PlaceMap.open(make_map(count=4)).descriptors(), 9)
    assert sorted(rows[0]) == [0, 1, 2, 3] and (np.diff(scores) <= 0).all()


def test_a_new_map_takes_the_name_and_the_old_one_goes(make_map, store):
    for count in (4, 6):
        publish_map(PublishOptions(make_map(count=count), store.uri))
    assert len(open_milvus_map(store)) == 6
    with closing(connect(store)) as client:
        assert len(client.list_collections()) == 1


def test_a_collection_of_somebody_else_stays(make_map, store):
    with closing(connect(store)) as client:
        client.create_collection('theirs', dimension=4)
        with pytest.raises(ConfigurationError, match='theirs is a collection that build_map did'):
            publish_map(PublishOptions(make_map(), store.uri, 'theirs'))
        assert 'theirs' in client.list_collections()
        client.drop_collection('theirs')


def test_no_such_map(store):
    with pytest.raises(StoreError, match='nowhere'):
        open_milvus_map(MilvusOptions(store.uri, 'nowhere'))


@pytest.mark.parametrize('head', ['', '{}', '[1]', 'nonsense', '{"frames": -1}'])
def test_a_head_that_is_none(store, head):
    with pytest.raises(MapError):
        milvus_map._head(store, head)
    with pytest.raises(MapError):
        milvus_map._head(store, json.dumps(head))


@pytest.mark.parametrize('values', [
    {'row': -3}, {'row': 4}, {'row': 'x'}, {'row': None},
    {'row': 1, 'place': '', 'image': 'a'}, {'row': 1, 'place': 'p', 'image': '../a'}])
def test_frames_that_cannot_be(store, values):
    with pytest.raises(MapError):
        milvus_map.MilvusFrames(milvus_map._Server(store), 4).keep(values)


def test_nobody_at_the_address():
    with pytest.raises(StoreError, match='127.0.0.1:1 places: '):
        open_milvus_map(MilvusOptions('http://127.0.0.1:1', timeout=1.0))


def test_somebody_who_never_answers():
    with closing(socket.create_server(('127.0.0.1', 0))) as server:
        uri = f'http://user:secret@127.0.0.1:{server.getsockname()[1]}'
        with pytest.raises(StoreError) as told:
            open_milvus_map(MilvusOptions(uri, timeout=0.5))
        assert 'secret' not in str(told.value)


def test_a_server_that_went_silent_is_left_alone_for_a_while(published, monkeypatch):
    _, remote = published
    query = np.eye(1, 5, dtype=np.float32)
    remote.search(query, 1)
    client = remote._index._server._client
    asked = []

    def search(*arguments, **others):
        asked.append(time.monotonic())
        raise OSError('gone')

    with monkeypatch.context() as silent:
        silent.setattr(client, 'search', search)
        for _ in range(3):
            with pytest.raises(StoreError, match='gone|a moment ago'):
                remote.search(query, 1)
        assert len(asked) == 1
    monkeypatch.setattr(remote._index._server, '_silent_until', 0.0)
    assert remote.search(query, 1)[1].shape == (1, 1)


@pytest.mark.parametrize('wrong', [
    {'uri': 'milvus'}, {'uri': ''}, {'uri': 'ftp://host'}, {'uri': 'a.db', 'collection': 'a b'},
    {'uri': 'a.db', 'collection': ''}, {'uri': 'a.db', 'timeout': 0.0},
    {'uri': 'a.db', 'timeout': float('nan')}])
def test_options(wrong):
    with pytest.raises(ConfigurationError, match='expected'):
        MilvusOptions(**wrong)
