# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Telling what is in a map, and what is wrong with one."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Callable, Optional

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.calibration import read_calibration
from structvpr_ros.place_map.feature_file import check_features, FrameFeatures
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.frame_file import read_frames
from structvpr_ros.place_map.index_kinds import check_search_index
from structvpr_ros.place_map.meta import (CALIBRATION, check_no_link, FEATURES, FRAMES,
                                          INDEX_FILES, MapMeta, THUMBNAILS)
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.thumbnails import Thumbnails


@dataclass(frozen=True)
class MapOptions:
    """
    Which map is looked at.

    :param map: the map's folder.
    """

    map: Path  # noqa: A003


def map_info(options: MapOptions) -> str:
    """
    Tell what is in a map.

    :return: some lines of text.
    :raises MapError: the map is bad.
    """
    place_map = PlaceMap.open(options.map)
    meta = place_map.meta
    lines = [f'{place_map.folder}: {meta.frames} images of {meta.places} places',
             f'model: {meta.fingerprint[:12]}, descriptors of {meta.descriptor_size}, '
             f'index {meta.index}',
             f'places: {meta.grouping}', f'frame: {meta.frame_id}', f'created: {meta.created}',
             f'thumbnails: {"none" if place_map.thumbnails is None else "yes"}',
             f'local features: {_kind(place_map.features)}',
             f'calibration: {place_map.calibration or "none"}']
    if place_map.calibration and place_map.calibration.reranked:
        lines.append(f'calibration, re-ranked: {place_map.calibration.reranked}')
    if meta.origin is not None:
        lines.append(f'origin: {meta.origin.latitude}, {meta.origin.longitude}, '
                     f'{meta.origin.altitude} m')
    placed = [(frame.x, frame.y) for frame in place_map.frames if frame.x is not None]
    for axis, values in zip('xy', zip(*placed)):
        lines.append(f'{axis}: {min(values):.1f} to {max(values):.1f} m')
    for name in ('source', 'condition'):
        counts = Counter(getattr(frame, name) or '(unknown)' for frame in place_map.frames)
        lines += [f'{name} {value}: {count} images' for value, count in sorted(counts.items())]
    return '\n'.join(lines)


def check_map(options: MapOptions) -> str:
    """
    Look for whatever may be wrong with a map, and go on behind the first fault.

    Hashes, the number of rows and dimension of the index, whether descriptors are finite and of
    unit length, frames and their number, places, images that are there twice, thumbnails without
    a frame and frames without, local features, the calibration.

    :return: a line that says the map is good.
    :raises MapError: all faults, separated by semicolons.
    """
    folder = Path(options.map)
    meta = MapMeta.read(folder)
    checks: list[Callable[[], None]] = [
        *(partial(meta.check_file, folder, name)
          for name in (*INDEX_FILES[meta.index], FRAMES)),
        lambda: _check_index(folder, meta),
        lambda: _check_frames(folder, meta)]
    if THUMBNAILS in meta.files:
        checks.append(lambda: _check_thumbnails(folder, meta))
    if FEATURES in meta.files:
        checks.append(partial(meta.check_file, folder, FEATURES))
        checks.append(lambda: check_features(folder / FEATURES, meta.frames))
    if CALIBRATION in meta.files:
        checks.append(lambda: _check_calibration(folder, meta))
    faults = []
    for check in checks:
        try:
            check()
        except MapError as error:
            faults.append(str(error))
    if faults:
        raise MapError('; '.join(faults))
    return f'{folder}: {meta.frames} images of {meta.places} places, no fault'


def _kind(features: Optional[FrameFeatures]) -> str:
    return 'none' if features is None else str(features.record)


def _check_index(folder: Path, meta: MapMeta) -> None:
    if all((folder / name).is_file() for name in INDEX_FILES[meta.index]):
        check_search_index(folder, meta)


def _check_frames(folder: Path, meta: MapMeta) -> None:
    path = folder / FRAMES
    if not path.is_file():
        return
    frames = read_frames(path, meta.frames)
    places = len({frame.place for frame in frames})
    if places != meta.places:
        raise MapError(f'{path}: expected {meta.places} places, found {places}')
    twice = [name for name, count in Counter(map(_name, frames)).items() if count > 1]
    if twice:
        raise MapError(f'{path}: expected each image once, found {len(twice)} twice, '
                       f'{twice[0]} among them')


def _check_thumbnails(folder: Path, meta: MapMeta) -> None:
    path = folder / THUMBNAILS
    check_no_link(path)
    rows = Thumbnails(path, meta.files[THUMBNAILS]).rows()
    orphans = [row for row in rows if not 0 <= row < meta.frames]
    if orphans:
        raise MapError(f'{path}: expected rows below {meta.frames}, found {orphans[0]}')


def _check_calibration(folder: Path, meta: MapMeta) -> None:
    meta.check_file(folder, CALIBRATION)
    read_calibration(folder / CALIBRATION)


def _name(frame: Frame) -> str:
    return f'{frame.source}: {frame.image}'
