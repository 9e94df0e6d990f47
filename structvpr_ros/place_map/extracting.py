# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Finding the local features of a source's images once, however often the process is stopped."""

from contextlib import contextmanager
from pathlib import Path
from typing import Iterable, Iterator, Optional
import zlib

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.posed_images import PosedImages
from structvpr_ros.inference.image_batches import image_batches
from structvpr_ros.inference.local_features.features import Extractor, FRAME_SIZE
from structvpr_ros.inference.local_features.registry import create_extractor, FeatureKind
from structvpr_ros.place_map.content import FeatureContent
from structvpr_ros.place_map.describing import BATCH_SIZE, source_key
from structvpr_ros.place_map.feature_record import FeatureRecord
from structvpr_ros.place_map.row_log import RowLog

_CHECK = 4  # bytes of a CRC-32 before each row


class FeatureLog(RowLog):
    """A log of the records of frames; see ``RowLog``."""

    def __init__(self, path: Path, key: bytes, record: FeatureRecord) -> None:
        """
        Open or start the log.

        :raises MapError: another process has the log open.
        """
        self._stored = np.dtype([('check', f'V{_CHECK}'), ('record', record.dtype)])
        self._row = self._stored.itemsize
        super().__init__(path, key, self._row, self._good_rows)

    def append(self, row: bytes) -> None:
        """Add the record of a frame; it outlives a kill of the process."""
        self._append(_checksum(row) + row)

    def records(self) -> NDArray[np.void]:
        """Return the records of all frames, (N,), mapped into memory; N is at least 1."""
        return np.memmap(self.path, self._stored, 'r', len(self._key))['record']

    def __iter__(self) -> Iterator[bytes]:
        for checked in self._checked(self._blocks()):
            yield checked[_CHECK:]

    def _good_rows(self, rows: bytes) -> int:
        for number, checked in enumerate(self._checked([rows])):
            if checked[:_CHECK] != _checksum(checked[_CHECK:]):
                return number
        return len(rows) // self._row

    def _checked(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            for start in range(0, len(block), self._row):
                yield block[start:start + self._row]


@contextmanager
def extracted(source: PosedImages, kind: Optional[FeatureKind], most: int,
              output: Path) -> Iterator[Optional[FeatureContent]]:
    """
    Yield the local features of all images of a source; None where ``kind`` is None.

    They are kept in a hidden file beside the output until the block ends well, and taken from
    there for images that a process before this one has looked at.

    :param most: features of an image at most.
    :param output: the folder of the map to be.
    :raises DatasetError: an image cannot be read any more.
    :raises MapError: another process is working on that map.
    """
    if kind is None:
        yield None
        return
    extractor = create_extractor(kind)
    blank = extractor.extract(np.zeros((*FRAME_SIZE, 3), np.uint8))
    record = FeatureRecord(kind, most, blank.descriptors.shape[1])
    path = output.parent / f'.{output.name}.features'
    with FeatureLog(path, source_key(source, repr(record)), record) as log:
        extract_all(source, extractor, record, log)
        yield FeatureContent(record, log)
        log.remove()


def extract_all(source: PosedImages, extractor: Extractor, record: FeatureRecord,
                log: FeatureLog) -> None:
    """
    Find the local features of the images of a source that the log does not have yet.

    :raises DatasetError: an image cannot be read any more.
    """
    done, count = len(log), len(source.entries)
    loads = source.loads(range(done, count))
    with tqdm(desc=record.kind, total=count, initial=done, unit='image') as progress:
        for images in image_batches(loads, FRAME_SIZE, BATCH_SIZE):
            for image in images:
                log.append(record.encode(extractor.extract(image)))
                progress.update()


def _checksum(row: bytes) -> bytes:
    return zlib.crc32(row).to_bytes(_CHECK, 'little')
