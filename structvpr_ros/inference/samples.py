# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a branch reads of a data set: images or group maps at its input size, kept in memory."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.resize import resize
from structvpr_ros.errors import ModelError
from structvpr_ros.models.card import ModelCard
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.segmentation.slme import resize_labels

# Decoding costs more than a training step on a small network, so a set that fits is decoded once.
MEMORY_LIMIT = 4 << 30


class Samples:
    """
    One uint8 array per row of a table: (H, W, 3) for the RGB branch, (H, W) for the SEG branch.

    :param read: gives the array of a row, all of one shape.
    :param count: number of rows.
    :param limit: bytes up to which all arrays are read now and kept; beyond, each is read
        whenever it is asked for.
    """

    def __init__(self, read: Callable[[int], NDArray[np.uint8]], count: int,
                 limit: int = MEMORY_LIMIT) -> None:
        self._read = read
        self._kept = self._load(count) if count * read(0).nbytes <= limit else None

    def __getitem__(self, row: int) -> NDArray[np.uint8]:
        """Return the array of a row; not to be written to."""
        return self._read(row) if self._kept is None else self._kept[row]

    def stack(self, rows: Sequence[int] | NDArray[np.integer]) -> NDArray[np.uint8]:
        """Return the arrays of several rows as one, rows first."""
        return np.stack([self[row] for row in rows])

    def _load(self, count: int) -> NDArray[np.uint8]:
        with ThreadPoolExecutor() as pool:
            arrays = pool.map(self._read, range(count))
            return np.stack(list(tqdm(arrays, 'reading', count, leave=False, unit='image')))


def open_samples(card: ModelCard, table: PlaceTable, slme: Path) -> Samples:
    """
    Open what the branch of a card reads of a table.

    :param slme: folder of the SLME cache, used for the SEG branch only.
    :raises ImageError: an image cannot be read.
    :raises SegmentationError: the cache is missing, or lacks an image of the table.
    :raises ModelError: the groups of the cache are not those of the card.
    """
    if card.branch == 'rgb':
        return Samples(lambda row: resize(read_image(table.image_path(row)), card.input_size),
                       len(table))
    cache = SlmeCache.open(slme)
    if cache.groups != card.groups:
        raise ModelError(f'{slme}: expected the groups {", ".join(card.groups)} of the model, '
                         f'found {", ".join(cache.groups)}')
    cache.require(table.images)
    return Samples(lambda row: resize_labels(cache.read(table.images[row]), card.input_size),
                   len(table))
