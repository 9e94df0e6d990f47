# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Descriptors of a data set by a model bundle: made once, kept on disk, found again."""

from functools import partial
import hashlib
import logging
from pathlib import Path
from typing import Callable

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.describe import describe, load_network
from structvpr_ros.inference.engine import check_descriptors
from structvpr_ros.inference.engine_choice import EngineKind
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.inference.image_batches import image_batches
from structvpr_ros.inference.samples import open_samples
from structvpr_ros.models.card import ModelCard, ONNX
from structvpr_ros.place_map.descriptor_log import DescriptorLog
from structvpr_ros.segmentation.cache import SlmeCache

_logger = logging.getLogger(__name__)

_BLOCK = 256
_BATCH = 8

Describer = Callable[[PlaceTable], NDArray[np.float32]]


class DescriptorCache:
    """
    Describes tables by bundles and keeps what was described.

    A file per bundle and table, named by what decides its content: the network's fingerprint,
    which covers its input size and normalisation; what runs it; and the name, size and time of
    every image, or group map for the SEG branch. What was interrupted goes on where it was.
    """

    def __init__(self, folder: Path, slme: Path, engine: EngineKind) -> None:
        """
        Use a folder for the descriptors.

        :param folder: made when it is needed.
        :param slme: folder of the SLME cache, used for the SEG branch only.
        :param engine: what runs bundles of the RGB branch; the SEG branch runs in PyTorch.
        """
        self._folder = folder
        self._slme = slme
        self._engine = engine

    def describe(self, bundle: Path, table: PlaceTable) -> NDArray[np.float32]:
        """
        Return the descriptors of a table's images, float32 (N, D), unit length.

        :raises StructVPRError: the bundle, the images or the SLME cache are missing or bad.
        :raises ConfigurationError: the folder cannot be written.
        """
        card = ModelCard.load(bundle)
        key = self._key(card, table)
        path = self._folder / f'{key.hex()[:32]}.descriptors'
        try:
            with DescriptorLog(path, key, card.descriptor_size) as log:
                self._fill(log, bundle, card, table)
                return log.read()
        except OSError as error:
            raise ConfigurationError(f'{self._folder}: cannot keep descriptors here: {error}; '
                                     'name another folder as cache') from error

    def _fill(self, log: DescriptorLog, bundle: Path, card: ModelCard,
              table: PlaceTable) -> None:
        first = len(log)
        if first == len(table):
            _logger.info('%s: descriptors of %d images are here already', bundle, first)
            return
        describer = self._describer(bundle, card)
        with tqdm(desc=bundle.name, total=len(table), initial=first, unit='image') as progress:
            for start in range(first, len(table), _BLOCK):
                block = table.take(np.arange(start, min(start + _BLOCK, len(table))))
                descriptors = describer(block)
                check_descriptors(descriptors, len(block), card)
                log.append(descriptors)
                progress.update(len(block))

    def _describer(self, bundle: Path, card: ModelCard) -> Describer:
        if card.branch == 'rgb' and self._engine != 'torch':
            engine = create_engine(bundle, self._engine)
            return lambda block: np.concatenate([
                engine.describe(images) for images in image_batches(
                    [partial(read_image, block.image_path(row)) for row in range(len(block))],
                    card.input_size, _BATCH)])
        network = load_network(bundle)
        return lambda block: describe(
            network, open_samples(card, block, self._slme), np.arange(len(block)))

    def _key(self, card: ModelCard, table: PlaceTable) -> bytes:
        runs_on = self._engine if card.branch == 'rgb' else 'torch'
        network = card.files.get(ONNX) if runs_on == 'onnx' else card.fingerprint
        digest = hashlib.sha256(f'{runs_on} {network} {card.fingerprint}'.encode())
        for image, path in zip(table.images, self._sources(card, table)):
            status = path.stat()
            digest.update(f'\0{image}\0{status.st_size}\0{status.st_mtime_ns}'.encode())
        return digest.digest()

    def _sources(self, card: ModelCard, table: PlaceTable) -> list[Path]:
        if card.branch == 'rgb':
            return [table.image_path(row) for row in range(len(table))]
        cache = SlmeCache.open(self._slme)
        cache.require(table.images)
        return [cache.group_path(image) for image in table.images]
