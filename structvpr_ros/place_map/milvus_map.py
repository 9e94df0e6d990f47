# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A map on a Milvus server, searched from afar."""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
import json
from pathlib import Path
from threading import Lock
import time
from typing import Any, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError, StoreError
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.frame_file import COLUMNS, to_frame
from structvpr_ros.place_map.meta import FRAMES, INDEX_FILES, MapMeta
from structvpr_ros.place_map.milvus_client import (connect, HEAD, MilvusOptions, store_faults,
                                                   VECTOR)
from structvpr_ros.place_map.place_map import PlaceMap

# Seconds for which a server that did not answer is not asked again.
PAUSE = 5.0
MOST = 16_000  # frames that a server returns at once
_KEPT = 1000  # frames
_FIELDS = COLUMNS.split(', ')


def open_milvus_map(options: MilvusOptions) -> PlaceMap:
    """
    Open a map that ``publish_map`` brought to a server.

    :raises StoreError: the server does not answer in time, or has no such map.
    :raises MapError: what it has is no map.
    :raises ConfigurationError: pymilvus is not installed.
    """
    server = _Server(options)
    found = server.ask('query', filter=f'row == {HEAD}', output_fields=['image'])
    if not found:
        raise MapError(f'{options.name}: expected a map, found a collection without a head')
    meta = _head(options, found[0].get('image'))
    frames = MilvusFrames(server, meta.frames)
    return PlaceMap(Path(options.name), meta, frames, MilvusIndex(server, frames), remote=True)


def _head(options: MilvusOptions, text: Any) -> MapMeta:
    try:
        stored = json.loads(text)
        files = dict.fromkeys((*INDEX_FILES['flat'], FRAMES), 'on a server')
        return MapMeta.parse(Path(options.name), {**stored, 'files': files})
    except (TypeError, ValueError) as error:
        raise MapError(f'{options.name}: expected the head of a map, found '
                       f'{str(text)[:60]!r}') from error


class _Server:
    """A collection; one that does not answer is left alone for a while, so that nobody waits."""

    def __init__(self, options: MilvusOptions) -> None:
        self.options = options
        self._silent_until = -float('inf')
        self._client = self._connect()

    def ask(self, what: str, **arguments: Any) -> Any:
        if time.monotonic() < self._silent_until:
            raise StoreError(f'{self.options.name}: did not answer a moment ago')
        try:
            # What answers again may be another process, to which this one never spoke.
            self._client = self._client or self._connect()
            with store_faults(self.options):
                return getattr(self._client, what)(
                    self.options.collection, timeout=self.options.timeout, **arguments)
        except StoreError:
            self._silent_until = time.monotonic() + PAUSE
            self._disconnect()
            raise

    def _connect(self) -> Any:
        client = connect(self.options)
        # A server has it in memory already; Milvus Lite reads it anew in each process.
        with store_faults(self.options):
            client.load_collection(self.options.collection, timeout=self.options.timeout)
        return client

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(StoreError), store_faults(self.options):
                client.close()


class MilvusFrames(Sequence):
    """The frames of a map on a server; those that were found last are at hand."""

    def __init__(self, server: _Server, count: int) -> None:
        """Read frames of the ``count`` that the map has."""
        self._server = server
        self._count = count
        self._lock = Lock()
        self._kept: OrderedDict[int, Frame] = OrderedDict()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> Frame:
        """
        Return the frame of a row.

        :raises StoreError: the server does not answer.
        :raises MapError: it has no such frame, or one that cannot be.
        """
        if not 0 <= row < self._count:
            raise IndexError(row)
        with self._lock:
            if row in self._kept:
                return self._kept[row]
        return self._read(row, row + 1)[0]

    def __iter__(self) -> Iterator[Frame]:
        for start in range(0, self._count, MOST):
            yield from self._read(start, min(start + MOST, self._count))

    def keep(self, values: Mapping[str, Any]) -> Frame:
        """
        Return a frame that came with a search, and keep it.

        :raises MapError: it is none.
        """
        frame = self._frame(values)
        with self._lock:
            self._kept[frame.row] = frame
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return frame

    def _read(self, start: int, end: int) -> list[Frame]:
        found = self._server.ask('query', filter=f'row >= {start} and row < {end}', limit=MOST,
                                 output_fields=_FIELDS)
        frames = sorted(map(self._frame, found), key=lambda frame: frame.row)
        if [frame.row for frame in frames] != list(range(start, end)):
            raise MapError(f'{self._server.options.name}: expected frames from row {start} to '
                           f'{end - 1}, found {len(frames)}')
        return frames

    def _frame(self, values: Mapping[str, Any]) -> Frame:
        stored = tuple(values.get(name) for name in _FIELDS)
        row = stored[0]
        if type(row) is not int or not 0 <= row < self._count:
            raise MapError(f'{self._server.options.name}: expected a row below {self._count}, '
                           f'found {row!r}')
        return to_frame(Path(self._server.options.name), row, stored)


class MilvusIndex:
    """The search in a map on a server."""

    def __init__(self, server: _Server, frames: MilvusFrames) -> None:
        """Search on ``server``; what is found goes to ``frames`` as well."""
        self._server = server
        self._frames = frames

    def search(self, descriptors: NDArray[np.float32],
               k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """
        Find ``k`` frames with large inner products, as PlaceMap.search does.

        :raises StoreError: the server does not answer in time, or finds fewer.
        """
        if k > MOST:
            raise StoreError(f'{self._server.options.name}: expected at most {MOST} frames to be '
                             f'wanted at once, found {k}')
        # One more, should the head be among them.
        answers = self._server.ask('search', data=list(descriptors), limit=k + 1,
                                   anns_field=VECTOR, output_fields=_FIELDS,
                                   search_params={'metric_type': 'IP'})
        scores, rows = np.empty((len(descriptors), k), np.float32), np.empty(
            (len(descriptors), k), np.int64)
        for query, answer in enumerate(answers):
            found = sorted((-float(hit['distance']), self._frames.keep(hit['entity']).row)
                           for hit in answer if hit['row'] != HEAD)[:k]
            if len(found) < k:
                raise StoreError(f'{self._server.options.name}: expected {k} frames, found '
                                 f'{len(found)}')
            scores[query] = [-negated for negated, _ in found]
            rows[query] = [row for _, row in found]
        return scores, rows

    def descriptors(self) -> NDArray[np.floating]:
        """
        Refuse: what is on a server is searched there.

        :raises StoreError: always.
        """
        raise StoreError(f'{self._server.options.name}: expected a map in a folder, as '
                         'descriptors are not fetched from a server')
