# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Folders of photographs as sources of posed images."""

from dataclasses import dataclass
from functools import partial
import logging
from pathlib import Path
from typing import Iterator, Optional, Sequence

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.photos.exif import read_taken, Taken
from structvpr_ros.data.photos.files import image_files
from structvpr_ros.data.posed_images import Load, PosedImage
from structvpr_ros.errors import ConfigurationError, DatasetError

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PhotoOptions:
    """
    Folders of photographs whose EXIF headers say where they were taken.

    :param paths: the folders; what lies deeper in them counts.
    :param conditions: a name such as ``night`` for each folder; none at all leaves them unknown.
    :param origin: latitude, longitude (degrees) and altitude (metres) of the point that
        positions count from; the first photograph if not given.
    """

    paths: tuple[Path, ...] = ()
    conditions: tuple[str, ...] = ()
    origin: Optional[tuple[float, float, float]] = None

    def __post_init__(self) -> None:
        if len(self.conditions) not in (0, len(self.paths)):
            raise ConfigurationError(f'expected as many conditions as folders, {len(self.paths)}, '
                                     f'found {len(self.conditions)}')
        names = [Path(path).resolve().name for path in self.paths]
        for name in names:
            if names.count(name) > 1:
                raise ConfigurationError(
                    f'expected folders of different names, found {name} twice')
        self.geo_origin()

    def geo_origin(self) -> Optional[GeoPoint]:
        """Return the origin as a point on the Earth."""
        return None if self.origin is None else GeoPoint(*self.origin)


class PhotoImages:
    """Photographs of a folder; a ``PosedImages``."""

    def __init__(self, folder: Path, images: Sequence[Path], taken: Sequence[Taken],
                 condition: str = '', origin: Optional[GeoPoint] = None) -> None:
        """
        Take images of a folder.

        :param images: relative to the folder.
        :param taken: what is known of each.
        :param origin: what positions are to count from; without it they are unknown.
        """
        self.origin = origin
        self._folder = folder
        source = folder.resolve().name
        self.entries = [_entry(source, image, known, condition, origin)
                        for image, known in zip(images, taken, strict=True)]

    def identity(self, row: int) -> str:
        """Return size and time of the file."""
        status = (self._folder / self.entries[row].image).stat()
        return f'{status.st_size} {status.st_mtime_ns}'

    def loads(self, rows: Sequence[int]) -> Iterator[Load]:
        """Yield what reads the file of each row."""
        for row in rows:
            yield partial(read_image, self._folder / self.entries[row].image)


def read_folder(folder: Path) -> PhotoImages:
    """
    Take all images of a folder, wherever they were taken.

    :raises DatasetError: as ``image_files``.
    :raises ImageError: an image cannot be decoded.
    """
    images = image_files(folder)
    return PhotoImages(folder, images, [Taken()] * len(images))


def read_photos(options: PhotoOptions,
                origin: Optional[GeoPoint] = None) -> list[PhotoImages]:
    """
    Take the photographs of folders that say where they were taken, in the order of their times.

    :param origin: what positions count from, unless the options say it; None: the first one.
    :raises DatasetError: there is no such folder, or no photograph in it says where it was taken.
    :raises ImageError: an image cannot be decoded.
    """
    origin = options.geo_origin() or origin
    sources = []
    for folder, condition in zip(options.paths, options.conditions or [''] * len(options.paths)):
        images = image_files(folder)
        known = [(image, taken) for image in images
                 if (taken := read_taken(folder / image)).point is not None]
        if not known:
            raise DatasetError(f'{folder}: expected photographs whose EXIF headers say where '
                               f'they were taken, found {len(images)} that do not')
        _logger.info('%s: %d of %d photographs taken, the others do not say where they were made',
                     folder, len(known), len(images))
        known.sort(key=lambda pair: (pair[1].stamp is None, pair[1].stamp or 0.0, pair[0]))
        origin = origin or known[0][1].point
        sources.append(PhotoImages(folder, *zip(*known), condition, origin))
    return sources


def _entry(source: str, image: Path, taken: Taken, condition: str,
           origin: Optional[GeoPoint]) -> PosedImage:
    x, y = (None, None) if origin is None or taken.point is None \
        else origin.east_north(taken.point)
    name = image.as_posix()
    return PosedImage(source, name, f'{source}/{name}', x, y,
                      taken.heading, taken.stamp, condition)
