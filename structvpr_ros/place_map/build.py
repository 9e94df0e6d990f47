# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Building a place map: every image of a data set described once, then written."""

from dataclasses import dataclass
import hashlib
import logging
from pathlib import Path
from typing import Iterator, Optional

from tqdm import tqdm

from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.layouts import LayoutName, read_dataset
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.engine import Engine
from structvpr_ros.inference.engines import create_engine, EngineKind
from structvpr_ros.inference.image_batches import image_batches
from structvpr_ros.place_map.descriptor_log import DescriptorLog
from structvpr_ros.place_map.meta import META
from structvpr_ros.place_map.thumbnails import encode_thumbnail, LARGEST
from structvpr_ros.place_map.writer import write_map
from structvpr_ros.storage import check_replaceable

_logger = logging.getLogger(__name__)

# A CPU gains nothing from more; so much is lost at most when a build is stopped.
_BATCH_SIZE = 8


@dataclass(frozen=True)
class BuildMapOptions:
    """
    What a map is built from.

    :param dataset: folder of a place data set.
    :param model: folder of an RGB model bundle.
    :param output: the map's folder; an older map there is replaced.
    :param split: take the images of this split only.
    :param condition: take the images of this condition only.
    :param frame_id: the ROS frame that the positions of the data set are in.
    :param engine: what runs the model: onnx or torch.
    :param threads: of the engine; 0 leaves the number to it.
    :param thumbnails: pixels of the longer side of the pictures that the map keeps to be looked
        at, some 7 kB each by default; 0 keeps none.
    :param layout: of the data set; auto recognises it.
    """

    dataset: Path
    model: Path
    output: Path
    split: Optional[str] = None
    condition: Optional[str] = None
    frame_id: str = 'map'
    engine: EngineKind = 'onnx'
    threads: int = 0
    thumbnails: int = 240
    layout: LayoutName = 'auto'

    def __post_init__(self) -> None:
        if not self.frame_id:
            raise ConfigurationError('expected a frame_id, found an empty one')
        if not 0 <= self.thumbnails <= LARGEST:
            raise ConfigurationError(
                f'expected thumbnails of 0 to {LARGEST} pixels, found {self.thumbnails}')


def build_map(options: BuildMapOptions) -> Path:
    """
    Build a place map from a place data set.

    Descriptors are kept in a hidden file beside the output until the map is written, so that a
    build that was stopped goes on where it was when it is started again.

    :return: the map's folder.
    :raises DatasetError: the data set is bad, or has no image of that split and condition.
    :raises ModelError: the bundle is bad, no RGB branch, or has no ONNX file for that engine.
    :raises ConfigurationError: ``output`` is something else than a map or an empty folder.
    :raises MapError: another process is building the same map.
    """
    output = Path(options.output)
    check_replaceable(output, META)
    engine = create_engine(options.model, options.engine, options.threads)
    table = read_dataset(options.dataset, options.layout).select(
        options.split, options.condition)
    log_path = output.parent / f'.{output.name}.descriptors'
    key = _key(table, engine, options.engine)
    with DescriptorLog(log_path, key, engine.descriptor_size) as log:
        _describe(table, engine, log)
        write_map(output, table, log.read(), engine.card, options.frame_id,
                  _thumbnails(table, options.thumbnails) if options.thumbnails else None)
        log.remove()
    _logger.info('%s: %d images of %d places', output, len(table), len(set(table.places)))
    return output


def _describe(table: PlaceTable, engine: Engine, log: DescriptorLog) -> None:
    done = len(log)
    if done:
        _logger.info('%s: going on behind %d images', log.path, done)
    paths = [table.image_path(row) for row in range(done, len(table))]
    with tqdm(desc='describe', total=len(table), initial=done, unit='image') as progress:
        for images in image_batches(paths, engine.card.input_size, _BATCH_SIZE):
            log.append(engine.describe(images))
            progress.update(len(images))


def _thumbnails(table: PlaceTable, side: int) -> Iterator[bytes]:
    for row in tqdm(range(len(table)), 'thumbnails', unit='image'):
        yield encode_thumbnail(read_image(table.image_path(row)), side)


def _key(table: PlaceTable, engine: Engine, kind: str) -> bytes:
    digest = hashlib.sha256(f'{engine.card.fingerprint} {kind}'.encode())
    for row, image in enumerate(table.images):
        status = table.image_path(row).stat()
        digest.update(f'\0{image}\0{status.st_size}\0{status.st_mtime_ns}'.encode())
    return digest.digest()
