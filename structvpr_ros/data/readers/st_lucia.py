# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
St Lucia: ten drives around a suburb of Brisbane at different times of day.

Layout: a folder per drive, such as 100909_0845, with webcam_video.avi and fGPS.txt, one line of
latitude and longitude for each frame of the video. The frames must be unpacked beside the video,
numbered from 0, which one command does (``UNPACK``). As is usual, of each drive those frames are
taken that are 5 m or more apart.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.plane import to_plane
from structvpr_ros.data.readers.rows import Listing, make_table, Row
from structvpr_ros.errors import DatasetError

UNPACK = 'mkdir frames; ffmpeg -i webcam_video.avi -start_number 0 -q:v 2 frames/%05d.jpg'
_SPACING = 5.0  # metres


def is_st_lucia(root: Path) -> bool:
    """Tell whether a folder looks like this layout."""
    return any(root.glob('*/fGPS.txt'))


def read_st_lucia(root: Path) -> PlaceTable:
    """
    Read the drives that are there: the first by name is ``test_map``, the others ``test_query``.

    :return: conditions are the names of the drives.
    :raises DatasetError: no drive is there, its frames are not unpacked, or fewer than expected.
    """
    drives = sorted(path.parent for path in root.glob('*/fGPS.txt'))
    if not drives:
        raise DatasetError(f'{root}: expected folders of drives with webcam_video.avi and '
                           'fGPS.txt, found none')
    tracks = [_read_track(drive / 'fGPS.txt') for drive in drives]
    origin = tuple(tracks[0][0].tolist())
    rows = []
    for drive, track in zip(drives, tracks):
        if not (drive / 'frames').is_dir():
            raise DatasetError(f'{drive / "frames"}: expected the frames of webcam_video.avi, '
                               f'found no such folder: in {drive} run `{UNPACK}`')
        positions = to_plane(*track.T, origin)
        split = 'test_map' if drive == drives[0] else 'test_query'
        for frame in _apart(_within(drive, positions)):
            name = f'{drive.name}/frames/{frame:05}'
            rows.append(Row(f'{name}.jpg', name, tuple(positions[frame].tolist()),
                            condition=drive.name, split=split))
    return make_table(root, rows)


def _read_track(path: Path) -> NDArray[np.float64]:
    try:
        track = np.loadtxt(path, np.float64, delimiter=',', ndmin=2)
    except ValueError as error:
        raise DatasetError(f'{path}: expected lines of latitude, longitude: {error}') from error
    if track.shape[1] != 2 or not len(track) or not np.isfinite(track).all():
        raise DatasetError(f'{path}: expected lines of latitude, longitude, found an array of '
                           f'{track.shape}')
    # The file gives southern latitudes without their sign.
    return track * (-1, 1)


def _within(drive: Path, positions: NDArray[np.float64]) -> NDArray[np.float64]:
    # Video and track do not end with the same frame.
    listing, count = Listing(drive), len(positions)
    while count and f'frames/{count - 1:05}.jpg' not in listing:
        count -= 1
    return positions[:count]


def _apart(positions: NDArray[np.float64]) -> list[int]:
    chosen: list[int] = []
    for frame, position in enumerate(positions):
        if not chosen or np.hypot(*(position - positions[chosen[-1]])) >= _SPACING:
            chosen.append(frame)
    return chosen
