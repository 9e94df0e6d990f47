# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The stage ``encode``: the label maps of a place data set become an SLME cache."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
import hashlib
import logging
import os
from pathlib import Path
from typing import Literal, Optional

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.image_files import read_image, read_label_map, write_image
from structvpr_ros.data.layouts import LayoutName, read_dataset
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError, SegmentationError
from structvpr_ros.segmentation.cache import DESCRIPTION, SlmeCache
from structvpr_ros.segmentation.encoded_index import EncodedIndex
from structvpr_ros.segmentation.label_folder import existing_label_paths, read_record
from structvpr_ros.segmentation.label_set import LabelSet, load_label_set
from structvpr_ros.segmentation.preview import preview_sheet, spread_rows
from structvpr_ros.segmentation.slme import check_ids, group_map, resize_labels

_PREVIEW_ROWS = 8
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EncodeOptions:
    """
    Which label maps to encode, and how.

    :param dataset: a place data set with labels/.
    :param label_set: name of a label set of this package, or path of your own .yaml file.
    :param output: the cache's folder; by default slme/ in the data set.
    :param channels: what a channel of the encoding is: one of the groups that the label set
        clusters its classes into, or each class, to compare with.
    :param size: height and width of the group maps in pixels, as in ``--size [240,320]``.
    :param workers: threads; 0 takes one per core.
    :param layout: of the data set; auto recognises it.
    """

    dataset: Path
    label_set: str
    output: Optional[Path] = None
    channels: Literal['groups', 'classes'] = 'groups'
    size: tuple[int, int] = (240, 320)
    workers: int = 0
    layout: LayoutName = 'auto'

    def __post_init__(self) -> None:
        if min(self.size) < 1 or self.workers < 0:
            raise ConfigurationError('expected size of at least 1 x 1 and workers >= 0, '
                                     f'found {self.size} and {self.workers}')


def encode(options: EncodeOptions) -> Path:
    """
    Encode the label maps of a place data set as an SLME cache; return its folder.

    Run it again to resume: a map is kept if it was encoded from the label file as it is now.
    The cache holds a picture sheet, preview.png, to look at before training.

    :raises SegmentationError: a label map is missing, unreadable, has a class id that the label
        set does not know, or not its image's aspect; or the output is something else than a
        cache of this label set and size.
    :raises DatasetError: the place data set is not in order.
    """
    label_set = load_label_set(options.label_set)
    table = read_dataset(options.dataset, options.layout)
    paths = existing_label_paths(table)
    _check_record(table.root, label_set)
    if options.channels == 'classes':
        label_set = label_set.unclustered()
    cache = _open_or_create(options, table.root, label_set)
    with EncodedIndex(cache.folder / 'index.sqlite') as index:
        kept = _encode_rows(table, paths, label_set, cache, index, options.workers)
    _write_preview(table, cache)
    _log.info('%d group maps in %s (%d kept from before)', len(table), cache.folder, kept)
    return cache.folder


def _check_record(root: Path, label_set: LabelSet) -> None:
    record = read_record(root) or {}
    if record.get('label_set_digest', label_set.digest()) != label_set.digest():
        raise SegmentationError(
            f'{root / "labels"}: expected label maps of label set {label_set.name!r}, found that '
            f'segment made them with {record.get("label_set")!r}')


def _open_or_create(options: EncodeOptions, root: Path, label_set: LabelSet) -> SlmeCache:
    folder = options.output or root / 'slme'
    wanted = SlmeCache(folder, label_set.name, label_set.digest(), label_set.group_names,
                       options.size)
    if (folder / DESCRIPTION).is_file():
        found = SlmeCache.open(folder)
        if found != wanted:
            raise SegmentationError(
                f'{folder}: expected an SLME cache of label set {_brief(wanted)}, found '
                f'{_brief(found)}: remove it or choose another output')
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SegmentationError(
            f'{folder}: expected an SLME cache, an empty folder or nothing, found other files')
    else:
        wanted.write_description()
    return wanted


def _brief(cache: SlmeCache) -> str:
    return (f'{cache.label_set!r} ({cache.label_set_digest[:8]}), {len(cache.groups)} groups and '
            f'size {cache.size}')


def _encode_rows(table: PlaceTable, paths: list[Path], label_set: LabelSet, cache: SlmeCache,
                 index: EncodedIndex, workers: int) -> int:
    """Encode what is not stored yet; return how many maps were kept."""
    def work(row: int) -> Optional[str]:
        image = table.images[row]
        digest = hashlib.sha256(paths[row].read_bytes()).hexdigest()
        if index.digests.get(image) == digest and cache.group_path(image).is_file():
            return None
        try:
            groups = _encode_one(table.image_path(row), paths[row], label_set, cache.size)
        except SegmentationError as error:
            raise SegmentationError(f'{paths[row]} (of {image}): {error}') from error
        write_image(cache.group_path(image), groups)
        return digest

    kept = 0
    # Threads, since decoding, compressing and waiting for the disk all release the interpreter.
    pool = ThreadPoolExecutor(workers or os.cpu_count())
    try:
        digests = tqdm(pool.map(work, range(len(table))), 'encode', len(table), unit='map')
        for digest, image in zip(digests, table.images, strict=True):
            if digest is None:
                kept += 1
            else:
                index.record(image, digest)
    finally:
        # An error or Ctrl-C must not wait for all that is queued, as leaving a with would.
        pool.shutdown(cancel_futures=True)
    return kept


def _encode_one(image_path: Path, label_path: Path, label_set: LabelSet,
                size: tuple[int, int]) -> NDArray[np.uint8]:
    labels = read_label_map(label_path)
    _check_aspect(labels.shape, read_image(image_path).shape)
    # On the full map: whether an id is known must not hang on which pixels the resizing keeps.
    check_ids(labels, label_set)
    return group_map(resize_labels(labels, size), label_set)


def _check_aspect(labels: tuple[int, ...], image: tuple[int, ...]) -> None:
    """Let a label map be a scaled copy of its image's size, give or take a rounded pixel."""
    scaled_height = image[0] * labels[1] / image[1]
    scaled_width = image[1] * labels[0] / image[0]
    if min(abs(labels[0] - scaled_height), abs(labels[1] - scaled_width)) > 1:
        raise SegmentationError(f'expected the aspect of its image, {image[1]} x {image[0]}, '
                                f'found {labels[1]} x {labels[0]}')


def _write_preview(table: PlaceTable, cache: SlmeCache) -> None:
    rows = spread_rows(table.conditions, min(_PREVIEW_ROWS, len(table)))
    sheet = preview_sheet(
        [read_image(table.image_path(row)) for row in rows],
        [cache.read(table.images[row]) for row in rows], cache.groups,
        [f'{table.conditions[row]} {Path(table.images[row]).name}' for row in rows])
    write_image(cache.folder / 'preview.png', sheet)
