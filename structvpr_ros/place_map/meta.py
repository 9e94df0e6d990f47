# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The head of a place map, map.yaml: what the other files hold, and which model built them."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Callable, Mapping, Optional

import yaml

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.place_groups import Grouping, UNGROUPED
from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.storage import file_hash
from structvpr_ros.yaml_file import brief, read_yaml

META = 'map.yaml'
INDEX = 'index.faiss'
IVF_INDEX = 'index.ivf'
DESCRIPTORS = 'descriptors.f16'
FRAMES = 'places.sqlite'
THUMBNAILS = 'thumbnails.sqlite'
FEATURES = 'features.bin'
CALIBRATION = 'calibration.yaml'
# What a map may have or not.
OPTIONAL = {THUMBNAILS, FEATURES, CALIBRATION}

FORMAT_VERSION = 2
METRIC = 'inner_product'
# The files of each kind of index.
INDEX_FILES = {'flat': (INDEX,), 'ivf': (IVF_INDEX, DESCRIPTORS)}


@dataclass(frozen=True)
class MapMeta:
    """
    The head of a place map.

    :param fingerprint: of the model whose descriptors the index holds.
    :param descriptor_size: D of the descriptors, which are of unit length.
    :param frames: the number of images, N.
    :param places: the number of distinct places.
    :param frame_id: the ROS frame that positions are in.
    :param created: when the map was built, UTC, ISO 8601.
    :param files: SHA-256 of the files of the index, of places.sqlite and, where the map has them,
        of thumbnails.sqlite, features.bin and calibration.yaml, by name.
    :param origin: what positions are metres east and north of, where that is known.
    :param index: flat; or ivf, of a large map.
    :param grouping: what made its images one place; older maps do not tell.
    """

    fingerprint: str
    descriptor_size: int
    frames: int
    places: int
    frame_id: str
    created: str
    files: Mapping[str, str]
    origin: Optional[GeoPoint] = None
    index: str = 'flat'
    grouping: Grouping = UNGROUPED

    def save(self, folder: Path) -> None:
        """Write map.yaml into a folder that is being written."""
        head = {'format_version': FORMAT_VERSION, 'metric': METRIC, 'index': self.index}
        (folder / META).write_text(
            yaml.safe_dump({**head, **asdict(self)}, sort_keys=False), encoding='utf-8')

    @classmethod
    def load(cls, folder: Path) -> 'MapMeta':
        """
        Read and check map.yaml, and that what is read at once is what it was written with.

        That is the index and the frames, or of a large map the index alone.

        :raises MapError: as ``read``, or a file is missing, a link or was changed.
        """
        meta = cls.read(folder)
        for name in meta.files:
            check_no_link(folder / name)
        for name in (IVF_INDEX,) if meta.is_large else (INDEX, FRAMES):
            meta.check_file(folder, name)
        return meta

    @property
    def is_large(self) -> bool:
        """Return whether frames and descriptors are left on disk, and read as they are needed."""
        return self.index == 'ivf'

    @classmethod
    def read(cls, folder: Path) -> 'MapMeta':
        """
        Read and check map.yaml alone.

        :raises MapError: no such map, another format, or a field that is missing, unknown or of
            another kind than expected.
        """
        path = folder / META
        if not path.is_file():
            raise MapError(f'{path}: expected a place map, found no such file')
        check_no_link(path)
        stored = read_yaml(path, MapError)
        _check_head(path, stored)
        return cls.parse(path, stored)

    @classmethod
    def parse(cls, path: Path, stored: dict[Any, Any]) -> 'MapMeta':
        """
        Check the fields of a head that came from ``path``.

        :raises MapError: a field is missing, unknown or of another kind than expected.
        """
        stored = {'grouping': asdict(cls.grouping), **stored}
        _check_fields(path, stored)
        origin = stored['origin']
        return cls(**{**stored, 'origin': None if origin is None else GeoPoint(**origin),
                      'grouping': Grouping(**stored['grouping'])})

    def check_file(self, folder: Path, name: str) -> None:
        """
        Check that a file of the map is the one that was written.

        :raises MapError: it is missing or was changed.
        """
        path, expected = folder / name, self.files[name]
        if not path.is_file():
            raise MapError(f'{path}: expected a file of the place map, found none')
        check_no_link(path)
        found = file_hash(path)
        if found != expected:
            raise MapError(f'{path}: expected SHA-256 {expected[:12]}..., '
                           f'found {found[:12]}...: corrupt or changed')


def check_no_link(path: Path) -> None:
    """
    Check that a file of a map is one: a link may name any file of this machine.

    :raises MapError: it is a link.
    """
    if path.is_symlink():
        raise MapError(f'{path}: expected a file of the place map, found a link')


def _check_head(path: Path, stored: Any) -> None:
    if not isinstance(stored, dict):
        raise MapError(f'{path}: expected a map of names to values, found {brief(stored)}')
    for name, expected in (('format_version', FORMAT_VERSION), ('metric', METRIC)):
        found = stored.pop(name, None)
        if type(found) is not type(expected) or found != expected:
            raise MapError(f'{path}: expected {name} {expected!r}, found {brief(found)}')


def _check_fields(path: Path, stored: dict[Any, Any]) -> None:
    names = {known.name for known in fields(MapMeta)}
    if set(stored) != names:
        raise MapError(
            f'{path}: expected the fields {", ".join(sorted(names))}; '
            f'missing: {", ".join(sorted(names - set(stored))) or "none"}, '
            f'unknown: {", ".join(sorted(map(brief, set(stored) - names))) or "none"}')
    for name, (expected, fits) in _FIELDS.items():
        if not fits(stored[name]):
            raise MapError(f'{path}: expected {expected} as {name}, found {brief(stored[name])}')
    expected = {*INDEX_FILES[stored['index']], FRAMES}
    if set(stored['files']) - OPTIONAL != expected:
        raise MapError(f'{path}: expected the hashes of {", ".join(sorted(expected))} as files, '
                       f'found {brief(stored["files"])}')


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_count(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_hashes(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, (*value, *value.values())))


def _is_index(value: Any) -> bool:
    return isinstance(value, str) and value in INDEX_FILES


def _is_origin(value: Any) -> bool:
    return value is None or _is_numbers_of(GeoPoint, value)


def _is_grouping(value: Any) -> bool:
    return _is_numbers_of(Grouping, value)


def _is_numbers_of(kind: type, value: Any) -> bool:
    names = [known.name for known in fields(kind)]
    if not (isinstance(value, dict) and sorted(map(str, value)) == sorted(names)
            and all(type(number) in (int, float) for number in value.values())):
        return False
    try:
        kind(**value)
    except (ConfigurationError, OverflowError):
        return False
    return True


_FIELDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    'fingerprint': ('a text', _is_text),
    'descriptor_size': ('a positive integer', _is_count),
    'frames': ('a positive integer', _is_count),
    'places': ('a positive integer', _is_count),
    'frame_id': ('a text', _is_text),
    'created': ('a text', _is_text),
    'files': ('the hashes of files', _is_hashes),
    'origin': ('null, or latitude, longitude and altitude', _is_origin),
    'index': (f'one of {", ".join(INDEX_FILES)}', _is_index),
    'grouping': ('a radius and an angle', _is_grouping),
}
