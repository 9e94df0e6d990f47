# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Bringing a map to a Milvus server, where a fleet searches it."""

from dataclasses import asdict, dataclass
import json
import logging
from pathlib import Path
from typing import Any, Callable, Iterator, Optional
import uuid

import numpy as np
from tqdm import tqdm

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.milvus_client import (connect, HEAD, MilvusOptions, store_faults,
                                                   VECTOR)
from structvpr_ros.place_map.place_map import PlaceMap

_TEXTS = {'place': 1024, 'image': 4096, 'condition': 1024, 'source': 1024}  # bytes
_NUMBERS = ('x', 'y', 'heading', 'stamp')
_BATCH = 500  # frames; a server takes 64 MB in one piece


@dataclass(frozen=True)
class PublishOptions:
    """
    Which map is brought where.

    :param map: the map's folder.
    :param uri: of a server, http://host:19530; or a file that ends in .db, of Milvus Lite.
    :param collection: name of the map there; an older map of that name is replaced.
    """

    map: Path  # noqa: A003
    uri: str
    collection: str = 'places'

    @property
    def milvus(self) -> MilvusOptions:
        """Return the server."""
        return MilvusOptions(self.uri, self.collection)


def publisher(milvus: Optional[MilvusOptions]) -> Callable[[Path], None]:
    """
    Return what brings the map in a folder to a server, or does nothing where there is none.

    :raises StoreError: the server does not answer: better now than after hours of describing.
    :raises ConfigurationError: pymilvus is not installed.
    """
    if milvus is None:
        return lambda folder: None
    connect(milvus).close()

    def publish(folder: Path) -> None:
        publish_map(PublishOptions(folder, milvus.uri, milvus.collection))

    return publish


def publish_map(options: PublishOptions) -> str:
    """
    Bring a map to a Milvus server or a file of Milvus Lite.

    All of it is there before the name stands for it: who searches meanwhile searches the old one.

    :return: the name of the map there.
    :raises MapError: the map is bad.
    :raises StoreError: the server does not answer, or refuses something.
    :raises ConfigurationError: pymilvus is not installed.
    """
    place_map, milvus = PlaceMap.open(options.map), options.milvus
    client = connect(milvus)
    with store_faults(milvus):
        old = _standing_for(client, milvus.collection)
        new = f'{milvus.collection}_{uuid.uuid4().hex}'
        try:
            _create(client, new, place_map.meta.descriptor_size)
            for batch in _batches(place_map):
                client.insert(new, data=batch)
            client.flush(new)
            client.load_collection(new)
            _name(client, new, milvus.collection, bool(old))
        except BaseException:
            client.drop_collection(new)
            raise
        if old:
            client.drop_collection(old)
        client.close()
    logging.getLogger(__name__).info('%s: %d images', milvus.name, len(place_map))
    return milvus.name


def _standing_for(client: Any, name: str) -> str:
    # A collection that was not made here is not ours to replace.
    if name in client.list_collections():
        raise ConfigurationError(f'{name} is a collection that build_map did not make: refusing '
                                 'to replace it')
    return client.describe_alias(name)['collection_name'] if client.has_collection(name) else ''


def _name(client: Any, collection: str, name: str, known: bool) -> None:
    (client.alter_alias if known else client.create_alias)(collection, name)


def _create(client: Any, name: str, descriptor_size: int) -> None:
    from pymilvus import DataType
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field('row', DataType.INT64, is_primary=True)
    for text, length in _TEXTS.items():
        schema.add_field(text, DataType.VARCHAR, max_length=length)
    for number in _NUMBERS:
        schema.add_field(number, DataType.DOUBLE, nullable=True)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=descriptor_size)
    index = client.prepare_index_params()
    index.add_index(VECTOR, index_type='AUTOINDEX', metric_type='IP')
    client.create_collection(name, schema=schema, index_params=index,
                             consistency_level='Bounded')


def _batches(place_map: PlaceMap) -> Iterator[list[dict[str, Any]]]:
    meta, stored = place_map.meta, place_map.stored_descriptors()
    head = {**asdict(meta), 'files': {}, 'index': 'flat'}
    yield [{**asdict(Frame(HEAD, 'head', json.dumps(head), None, None, None, None, '')),
            VECTOR: np.zeros(meta.descriptor_size, np.float32)}]
    with tqdm(desc='publish', total=len(place_map), unit='image') as progress:
        batch = []
        for frame in place_map.frames:
            batch.append({**asdict(frame), VECTOR: stored[frame.row].astype(np.float32)})
            if len(batch) == _BATCH or frame.row == len(place_map) - 1:
                yield batch
                progress.update(len(batch))
                batch = []
