# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Taking images out of a map."""

from dataclasses import dataclass
import logging
from pathlib import Path
from typing import Optional

from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.place_map.content import content_of
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map
from structvpr_ros.storage import changing_folder

_CRITERIA = ('condition', 'place', 'source')


@dataclass(frozen=True)
class RemoveOptions:
    """
    Which images are taken out: those that all that is given holds for.

    :param map: the map's folder.
    :param condition: of the images.
    :param place: ID that the images have.
    :param source: name of the data set or bag that the images came from.
    """

    map: Path  # noqa: A003
    condition: Optional[str] = None
    place: Optional[str] = None
    source: Optional[str] = None

    def __post_init__(self) -> None:
        if not self.wanted():
            raise ConfigurationError('expected a condition, place or source to remove, '
                                     'found none')

    def wanted(self) -> dict[str, str]:
        """Return what is given, by name."""
        return {name: getattr(self, name) for name in _CRITERIA
                if getattr(self, name) is not None}


def remove_from_map(options: RemoveOptions) -> Path:
    """
    Take images out of a map; what stays is not described again.

    :return: the map's folder.
    :raises MapError: the map is bad, has no such image, or no other.
    :raises ConfigurationError: there is no such folder, or another process is changing it.
    """
    folder, wanted = Path(options.map), options.wanted()
    with changing_folder(folder):
        place_map = PlaceMap.open(folder)
        kept = [frame.row for frame in place_map.frames
                if any(getattr(frame, name) != value for name, value in wanted.items())]
        if len(kept) == len(place_map):
            raise MapError(f'{folder}: {_choice(place_map, wanted)}')
        if not kept:
            raise MapError(f'{folder}: expected images to stay, found that all are to be removed: '
                           'delete the folder instead')
        place_map.warn_of_change()
        write_map(folder, content_of(place_map, kept))
    logging.getLogger(__name__).info(
        '%s: %d of %d images removed', folder, len(place_map) - len(kept), len(place_map))
    return folder


def _choice(place_map: PlaceMap, wanted: dict[str, str]) -> str:
    told = []
    for name, value in wanted.items():
        known = sorted({getattr(frame, name) for frame in place_map.frames})
        listed = ', '.join(map(repr, known[:20])) + (', ...' if len(known) > 20 else '')
        told.append(f'a {name} of {listed}, found {value!r}')
    return f'expected images with {" and ".join(told)}'
