# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Describing the images of a source once, however often the process is stopped on the way."""

from contextlib import contextmanager
import hashlib
import logging
from pathlib import Path
from typing import Iterator

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.posed_images import PosedImages
from structvpr_ros.inference.engine import Engine
from structvpr_ros.inference.image_batches import image_batches
from structvpr_ros.place_map.descriptor_log import DescriptorLog
from structvpr_ros.place_map.thumbnails import encode_thumbnail

_logger = logging.getLogger(__name__)

# A CPU gains nothing from more; so much is lost at most when a build is stopped.
BATCH_SIZE = 8


@contextmanager
def described(source: PosedImages, engine: Engine, output: Path) -> Iterator[NDArray[np.float32]]:
    """
    Yield the descriptors of all images of a source, float32 (N, D).

    They are kept in a hidden file beside the output until the block ends well, and taken from
    there for images that a process before this one has described.

    :param engine: descriptors by one of another name do not count.
    :param output: the folder of the map to be.
    :raises DatasetError: an image cannot be read any more.
    :raises MapError: another process is describing images for that map.
    """
    log_path = output.parent / f'.{output.name}.descriptors'
    key = source_key(source, f'{engine.card.fingerprint} {engine.name}')
    with DescriptorLog(log_path, key, engine.descriptor_size) as log:
        _describe(source, engine, log)
        yield log.read()
        log.remove()


def thumbnails(source: PosedImages, side: int) -> Iterator[bytes]:
    """Yield a JPEG of each image of a source; ``side`` as of ``encode_thumbnail``."""
    rows = range(len(source.entries))
    for load in tqdm(source.loads(rows), 'thumbnails', len(rows), unit='image'):
        yield encode_thumbnail(load(), side)


def source_key(source: PosedImages, looked_at_by: str) -> bytes:
    """Return a key of fixed length that names the images of a source and what looks at them."""
    digest = hashlib.sha256(looked_at_by.encode())
    for row, entry in enumerate(source.entries):
        digest.update(f'\0{entry.source}\0{entry.image}\0{source.identity(row)}'.encode())
    return digest.digest()


def _describe(source: PosedImages, engine: Engine, log: DescriptorLog) -> None:
    done, count = len(log), len(source.entries)
    if done:
        _logger.info('%s: going on behind %d images', log.path, done)
    loads = source.loads(range(done, count))
    with tqdm(desc='describe', total=count, initial=done, unit='image') as progress:
        for images in image_batches(loads, engine.card.input_size, BATCH_SIZE):
            log.append(engine.describe(images))
            progress.update(len(images))
