# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
ITLP-Campus: a robot's tracks over a campus by day, dusk and night, in several seasons, with masks.

Layout of github.com/OPR-Project/ITLP-Campus: a folder per track with track.csv (times and poses),
front_cam/<time>.png, back_cam/<time>.png and their label maps in masks/front_cam/ and
masks/back_cam/. A folder of tracks is read, or a single track.

The data set has no split of places. **Ours**: along the longer side of the area, the first 60% of
the images are for training, the next 20% for validation and the last 20% for the test; in these
two the first track is the map and the others are queries.
"""

import math
from pathlib import Path

import numpy as np

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.csv_rows import number, read_csv
from structvpr_ros.data.readers.rows import make_table, Row
from structvpr_ros.errors import DatasetError

# How far each camera is turned from the robot's x axis, radians.
_CAMERAS = {'front_cam': 0.0, 'back_cam': math.pi}
_POSE = ('tx', 'ty', 'qx', 'qy', 'qz', 'qw')
_TRAINING, _VALIDATION = 0.6, 0.8


def is_itlp_campus(root: Path) -> bool:
    """Tell whether a folder looks like this layout."""
    return bool(_tracks(root))


def read_itlp_campus(root: Path) -> PlaceTable:
    """
    Read all tracks: both cameras, poses, and label maps where every image has one.

    :return: conditions are the names of the tracks.
    :raises DatasetError: no track is there, or one is incomplete.
    """
    tracks = _tracks(root)
    if not tracks:
        raise DatasetError(f'{root}: expected folders of tracks with track.csv, found none')
    rows = [row for track in tracks for row in _read_track(root, track)]
    if not all(row.label and (root / row.label).is_file() for row in rows):
        rows = [row._replace(label=None) for row in rows]
    return make_table(root, _split(rows, rows[0].condition) if rows else rows)


def _tracks(root: Path) -> list[Path]:
    if (root / 'track.csv').is_file():
        return [root]
    return sorted(path.parent for path in root.glob('*/track.csv'))


def _read_track(root: Path, track: Path) -> list[Row]:
    path = track / 'track.csv'
    prefix = '' if track == root else f'{track.name}/'
    rows = []
    for row in read_csv(path, ('front_cam_ts', 'back_cam_ts', *_POSE)):
        x, y, *quaternion = (number(path, row, name) for name in _POSE)
        for camera, turn in _CAMERAS.items():
            name = f'{camera}/{_stamp(path, row[f"{camera}_ts"])}.png'
            rows.append(Row(
                prefix + name, prefix + name.removesuffix('.png'), (x, y),
                math.remainder(_yaw(*quaternion) + turn, 2 * math.pi), track.name,
                label=f'{prefix}masks/{name}'))
    return rows


def _stamp(path: Path, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise DatasetError(f'{path}: expected a time in nanoseconds, found {text!r}') from error


def _yaw(x: float, y: float, z: float, w: float) -> float:
    return math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))


def _split(rows: list[Row], first_track: str) -> list[Row]:
    positions = np.array([row.position for row in rows])
    along = positions[:, np.ptp(positions, axis=0).argmax()]
    training, validation = np.quantile(along, (_TRAINING, _VALIDATION))

    def split(row: Row, place: float) -> str:
        if place <= training:
            return 'train'
        role = 'map' if row.condition == first_track else 'query'
        return f'{"val" if place <= validation else "test"}_{role}'

    return [row._replace(split=split(row, place)) for row, place in zip(rows, along.tolist())]
