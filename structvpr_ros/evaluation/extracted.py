# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Local features of a data set: found once, kept on disk, found again."""

from dataclasses import dataclass
import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.table_images import TableImages
from structvpr_ros.errors import ConfigurationError, ImageError
from structvpr_ros.inference.local_features.features import (Extractor, FRAME_SIZE, LocalFeatures,
                                                             MOST)
from structvpr_ros.inference.local_features.kinds import MatchKind
from structvpr_ros.place_map.describing import source_key
from structvpr_ros.place_map.extracting import extract_all, FeatureLog
from structvpr_ros.place_map.feature_record import FeatureRecord

_BLOCK = 16  # pixels


@dataclass(frozen=True)
class TableFeatures:
    """
    The local features of a table's images.

    :param record: how they are stored.
    :param records: (N,) of its ``dtype``, mapped into memory.
    """

    record: FeatureRecord
    records: NDArray[np.void]

    def __getitem__(self, row: int) -> LocalFeatures:
        """Read the features of an image."""
        return self.record.decode(self.records[row])


class FeatureCache:
    """
    Finds the local features of tables' images and keeps them, in steps as fine as a map does.

    A file per extractor and table, named by what decides its content: the name, size and time of
    every image, and what the extractor finds in a test picture, which changes with its weights.
    What was interrupted goes on where it was.
    """

    def __init__(self, folder: Path) -> None:
        """Use a folder for the features; it is made when it is needed."""
        self._folder = folder

    def extract(self, kind: MatchKind, extractor: Extractor, table: PlaceTable) -> TableFeatures:
        """
        Return the features of a table's images.

        :raises ImageError: one of the images is missing or bad.
        :raises MapError: another process is finding the same features.
        :raises ConfigurationError: the folder cannot be written.
        """
        test = extractor.extract(_test_picture())
        record = FeatureRecord(kind, MOST, test.descriptors.shape[1])
        source = TableImages(table)
        try:
            key = source_key(source, hashlib.sha256(record.encode(test)).hexdigest())
        except FileNotFoundError as error:
            raise ImageError(f'{error.filename}: expected an image, found none') from error
        try:
            with FeatureLog(self._folder / f'{key.hex()[:32]}.features', key, record) as log:
                extract_all(source, extractor, record, log)
                return TableFeatures(record, log.records())
        except OSError as error:
            raise ConfigurationError(f'{self._folder}: cannot keep features here: {error}; name '
                                     'another folder as cache') from error


def _test_picture() -> NDArray[np.uint8]:
    height, width = (side // _BLOCK for side in FRAME_SIZE)
    blocks = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    return np.kron(blocks, np.ones((_BLOCK, _BLOCK, 1), np.uint8))
