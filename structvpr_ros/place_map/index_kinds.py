# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The kinds of index that a map may have: which one is for which map, and their files."""

from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.place_map.codes import code_count, make_codes
from structvpr_ros.place_map.descriptor_file import (check_descriptors, open_descriptors,
                                                     write_descriptors)
from structvpr_ros.place_map.flat_index import FlatIndex
from structvpr_ros.place_map.index_file import read_index, write_index
from structvpr_ros.place_map.ivf_file import read_codes, write_codes
from structvpr_ros.place_map.ivf_index import IvfIndex
from structvpr_ros.place_map.meta import DESCRIPTORS, INDEX, IVF_INDEX, MapMeta

IndexKind = Literal['auto', 'flat', 'ivf']

# Frames from which on a map is large. An approximate search is faster from 3,000 on (make
# bench-search), but up to here an exact one takes 2 ms, and misses nothing.
LARGE = 10_000
_FEWEST = 256  # frames that codes can be learned from


class SearchIndex(Protocol):
    """What a map is searched by."""

    def search(self, descriptors: NDArray[np.float32],
               k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return scores and rows of the ``k`` best frames, as PlaceMap.search does."""

    def descriptors(self) -> NDArray[np.floating]:
        """Return the descriptors as they are stored, (N, D), by row."""


def choose_index(kind: IndexKind, frames: int, descriptor_size: int) -> str:
    """
    Return the kind of index of a map: the wanted one, or by its size.

    :raises ConfigurationError: ``ivf`` is wanted for a map that is too small for it.
    """
    fits = frames >= _FEWEST and code_count(descriptor_size) > 0
    if kind == 'ivf' and not fits:
        raise ConfigurationError(f'expected {_FEWEST} images or more, of 8 numbers or more, for '
                                 f'an index ivf, found {frames} of {descriptor_size}')
    if kind == 'auto':
        return 'ivf' if fits and frames > LARGE else 'flat'
    return kind


def write_search_index(folder: Path, kind: str, descriptors: NDArray[np.floating]) -> None:
    """Write the files of an index into the folder of a map."""
    if kind == 'flat':
        write_index(folder / INDEX, descriptors)
        return
    write_descriptors(folder / DESCRIPTORS, descriptors)
    # Of what is stored: a map that is merged of others has the codes of one that was built whole.
    stored = open_descriptors(folder / DESCRIPTORS, *descriptors.shape)
    write_codes(folder / IVF_INDEX, make_codes(stored))


def open_search_index(folder: Path, meta: MapMeta) -> SearchIndex:
    """
    Open the index of a map.

    :raises MapError: a file is missing, or not the one that was written.
    """
    size = meta.frames, meta.descriptor_size
    if meta.index == 'flat':
        return FlatIndex(read_index(folder / INDEX, *size))
    return IvfIndex(read_codes(folder / IVF_INDEX, *size),
                    open_descriptors(folder / DESCRIPTORS, *size))


def check_search_index(folder: Path, meta: MapMeta) -> None:
    """
    Read the whole index of a map.

    :raises MapError: as ``open_search_index``, or a descriptor is not of unit length.
    """
    open_search_index(folder, meta)
    if meta.index == 'ivf':
        check_descriptors(folder / DESCRIPTORS, meta.frames, meta.descriptor_size)
