# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The map in memory: opened whole, checked whole, then only read."""

import logging
from pathlib import Path
from typing import Optional

import faiss
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError
from structvpr_ros.models.card import ModelCard
from structvpr_ros.place_map.calibration import Calibration, read_calibration
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.frame_file import read_frames
from structvpr_ros.place_map.index_file import read_index
from structvpr_ros.place_map.meta import CALIBRATION, FRAMES, INDEX, MapMeta, META, THUMBNAILS
from structvpr_ros.place_map.thumbnails import Thumbnails

_logger = logging.getLogger(__name__)


class PlaceMap:
    """
    A place map, searched by descriptor; several threads may search it at once.

    :ivar folder: where it was opened.
    :ivar meta: its head.
    :ivar frames: its N images, by row.
    :ivar thumbnails: small pictures of the frames, or None.
    :ivar calibration: the thresholds that it was calibrated to, or None.
    """

    def __init__(self, folder: Path, meta: MapMeta, frames: tuple[Frame, ...],
                 index: faiss.IndexFlat, thumbnails: Optional[Thumbnails] = None,
                 calibration: Optional[Calibration] = None) -> None:
        """Join the parts of a map; ``open`` reads and checks them."""
        self.folder = folder
        self.meta = meta
        self.frames = frames
        self.thumbnails = thumbnails
        self.calibration = calibration
        self._index = index

    @classmethod
    def open(cls, folder: Path) -> 'PlaceMap':
        """
        Read a map into memory and check all of it.

        Thumbnails stay on disk. They are only to be looked at: a map whose thumbnails are
        corrupt opens without them, and a warning says so. Should the map be replaced meanwhile,
        the new one is read.

        :raises MapError: a file is missing, corrupt, of another format, or disagrees with
            another one.
        """
        folder = Path(folder)
        while True:
            before = _version(folder)
            try:
                place_map, fault = cls._read(folder)
            except MapError:
                if _version(folder) == before:
                    raise
                continue
            if _version(folder) == before:
                if fault is not None:
                    _logger.warning('going on without thumbnails: %s', fault)
                return place_map

    @classmethod
    def _read(cls, folder: Path) -> tuple['PlaceMap', Optional[MapError]]:
        # Returns what is wrong with the thumbnails beside the map.
        meta = MapMeta.load(folder)
        index = read_index(folder / INDEX, meta.frames, meta.descriptor_size)
        frames = read_frames(folder / FRAMES, meta.frames)
        places = len({frame.place for frame in frames})
        if places != meta.places:
            raise MapError(f'{folder / META}: expected as many places as in {FRAMES}, {places}, '
                           f'found {meta.places}')
        calibration = None
        if CALIBRATION in meta.files:
            meta.check_file(folder, CALIBRATION)
            calibration = read_calibration(folder / CALIBRATION)
        thumbnails, fault = None, None
        if THUMBNAILS in meta.files:
            try:
                thumbnails = Thumbnails(folder / THUMBNAILS, meta.files[THUMBNAILS])
            except MapError as error:
                fault = error
        return cls(folder, meta, frames, index, thumbnails, calibration), fault

    def __len__(self) -> int:
        return len(self.frames)

    def descriptors(self) -> NDArray[np.float32]:
        """Return the descriptors of all frames, float32 (N, D), by row."""
        return self._index.reconstruct_n(0, len(self))

    def warn_of_change(self) -> None:
        """Say that a calibration is lost with the images that it held for, if there is one."""
        if self.calibration is not None:
            _logger.warning('%s: its calibration held for other images than the new map has: '
                            'calibrate that one', self.folder)

    def check_model(self, card: ModelCard) -> None:
        """
        Check that a model is the one that built this map.

        :raises MapError: it is another one: its descriptors mean nothing here.
        """
        if card.fingerprint != self.meta.fingerprint:
            raise MapError(
                f'{self.folder}: expected the model that built this map, fingerprint '
                f'{self.meta.fingerprint[:12]}, found a model of fingerprint '
                f'{card.fingerprint[:12]}: build the map again with this model')

    def search(self, descriptors: NDArray[np.float32],
               k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """
        Find the frames with the largest inner products; of equal ones the lower row goes first.

        :param descriptors: float32 (Q, D), unit length.
        :param k: the number of frames wanted, at least 1.
        :return: scores (Q, K) falling and rows (Q, K), where K = min(k, N).
        :raises MapError: the descriptors have another shape, or are not finite.
        """
        assert k >= 1
        self._check_descriptors(descriptors)
        descriptors = np.ascontiguousarray(descriptors, np.float32)
        k = min(k, len(self))
        # Where scores tie across the end, FAISS keeps any: look on until the tie is complete.
        depth = min(k + 1, len(self))
        scores, rows = self._index.search(descriptors, depth)
        while depth < len(self) and (scores[:, -1] == scores[:, k - 1]).any():
            depth = min(2 * depth, len(self))
            scores, rows = self._index.search(descriptors, depth)
        order = np.lexsort((rows, -scores))[:, :k]
        return np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)

    def _check_descriptors(self, descriptors: NDArray[np.float32]) -> None:
        size = self.meta.descriptor_size
        if descriptors.ndim != 2 or descriptors.shape[1] != size:
            raise MapError(f'{self.folder}: expected descriptors of shape (Q, {size}), '
                           f'found {descriptors.shape}')
        if not np.isfinite(descriptors).all():
            raise MapError(f'{self.folder}: expected finite descriptors, found NaN or infinity')


def _version(folder: Path) -> Optional[tuple[int, int, int]]:
    # Another folder of the same name has another head.
    try:
        status = (folder / META).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_ctime_ns
