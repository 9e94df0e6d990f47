# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The map in memory: opened and checked, then only read."""

import logging
from pathlib import Path
from typing import Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError
from structvpr_ros.models.card import ModelCard
from structvpr_ros.place_map.calibration import Calibration, read_calibration
from structvpr_ros.place_map.feature_file import FrameFeatures
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.frame_file import read_frames
from structvpr_ros.place_map.frame_table import FrameTable
from structvpr_ros.place_map.index_kinds import open_search_index, SearchIndex
from structvpr_ros.place_map.meta import (CALIBRATION, FEATURES, FRAMES, MapMeta, META,
                                          THUMBNAILS)
from structvpr_ros.place_map.thumbnails import Thumbnails

_logger = logging.getLogger(__name__)


class PlaceMap:
    """
    A place map, searched by descriptor; several threads may search it at once.

    :ivar folder: where it was opened.
    :ivar meta: its head.
    :ivar frames: its N images, by row.
    :ivar thumbnails: small pictures of the frames, or None.
    :ivar features: local features of the frames, or None.
    :ivar calibration: the thresholds that it was calibrated to, or None.
    :ivar remote: it is on a server.
    """

    def __init__(self, folder: Path, meta: MapMeta, frames: Sequence[Frame],
                 index: SearchIndex, thumbnails: Optional[Thumbnails] = None,
                 calibration: Optional[Calibration] = None, remote: bool = False,
                 features: Optional[FrameFeatures] = None) -> None:
        """Join the parts of a map; ``open`` reads and checks them."""
        self.folder = folder
        self.meta = meta
        self.frames = frames
        self.thumbnails = thumbnails
        self.calibration = calibration
        self.remote = remote
        self.features = features
        self._index = index

    @classmethod
    def open(cls, folder: Path) -> 'PlaceMap':
        """
        Read a map into memory and check all of it; of a large map the index alone.

        Frames and descriptors of a large map, and the local features of any, stay on disk, and
        are checked as they are read; ``map check`` looks at all of them at once.

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
        index = open_search_index(folder, meta)
        frames = FrameTable(folder / FRAMES, meta.frames) if meta.is_large else _all_frames(
            folder, meta)
        calibration = None
        if CALIBRATION in meta.files:
            meta.check_file(folder, CALIBRATION)
            calibration = read_calibration(folder / CALIBRATION)
        features = None
        if FEATURES in meta.files:
            features = FrameFeatures(folder / FEATURES, meta.frames)
        thumbnails, fault = None, None
        if THUMBNAILS in meta.files:
            try:
                thumbnails = Thumbnails(folder / THUMBNAILS,
                                        None if meta.is_large else meta.files[THUMBNAILS])
            except MapError as error:
                fault = error
        return cls(folder, meta, frames, index, thumbnails, calibration, features=features), fault

    def __len__(self) -> int:
        return len(self.frames)

    def descriptors(self) -> NDArray[np.float32]:
        """Return the descriptors of all frames, float32 (N, D), by row."""
        return self._index.descriptors().astype(np.float32, copy=False)

    def stored_descriptors(self) -> NDArray[np.floating]:
        """Return them as they are stored: those of a large map are float16, and on disk."""
        return self._index.descriptors()

    @property
    def has_all_frames(self) -> bool:
        """Return whether all frames are in memory: if not, reading them all takes its time."""
        return isinstance(self.frames, tuple)

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

        In a large map the search is approximate: it may miss a frame. Scores are exact but for
        rounding to float16.

        :param descriptors: float32 (Q, D), unit length.
        :param k: the number of frames wanted, at least 1.
        :return: scores (Q, K) falling and rows (Q, K), where K = min(k, N).
        :raises MapError: the descriptors have another shape, or are not finite.
        """
        assert k >= 1
        self._check_descriptors(descriptors)
        return self._index.search(np.ascontiguousarray(descriptors, np.float32),
                                  min(k, len(self)))

    def _check_descriptors(self, descriptors: NDArray[np.float32]) -> None:
        size = self.meta.descriptor_size
        if descriptors.ndim != 2 or descriptors.shape[1] != size:
            raise MapError(f'{self.folder}: expected descriptors of shape (Q, {size}), '
                           f'found {descriptors.shape}')
        if not np.isfinite(descriptors).all():
            raise MapError(f'{self.folder}: expected finite descriptors, found NaN or infinity')


def _all_frames(folder: Path, meta: MapMeta) -> tuple[Frame, ...]:
    frames = read_frames(folder / FRAMES, meta.frames)
    places = len({frame.place for frame in frames})
    if places != meta.places:
        raise MapError(f'{folder / META}: expected as many places as in {FRAMES}, {places}, '
                       f'found {meta.places}')
    return frames


def _version(folder: Path) -> Optional[tuple[int, int, int]]:
    # Another folder of the same name has another head.
    try:
        status = (folder / META).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_ctime_ns
