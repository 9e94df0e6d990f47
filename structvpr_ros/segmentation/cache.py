# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The SLME cache on disk: one 8-bit PNG of group indices per image, and what they mean.

A folder with slme.yaml, groups/<image's path, suffix .png>, and index.sqlite
(see ``encode``). Weights are not stored: they are applied to what ``read`` returns, so that
another weighting needs no other cache.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable

import numpy as np
from numpy.typing import NDArray
import yaml

from structvpr_ros.data.image_files import read_label_map
from structvpr_ros.data.place_table import companion
from structvpr_ros.errors import ImageError, SegmentationError
from structvpr_ros.storage import replacing_file
from structvpr_ros.yaml_file import brief, read_yaml

VERSION = 1
DESCRIPTION = 'slme.yaml'


@dataclass(frozen=True)
class SlmeCache:
    """
    An SLME cache of one label set at one size.

    :param folder: where it lies.
    :param label_set: name of the label set that its maps were encoded with.
    :param label_set_digest: ``LabelSet.digest`` of it.
    :param groups: C names; index i + 1 in a map means ``groups[i]``, 0 means void.
    :param size: (height, width) of every map, pixels.
    """

    folder: Path
    label_set: str
    label_set_digest: str
    groups: tuple[str, ...]
    size: tuple[int, int]

    @classmethod
    def open(cls, folder: Path) -> 'SlmeCache':
        """
        Open the cache in a folder.

        :raises SegmentationError: there is none, or its slme.yaml cannot be understood.
        """
        path = Path(folder) / DESCRIPTION
        if not path.is_file():
            raise SegmentationError(f'{folder}: expected an SLME cache (the command encode makes '
                                    f'one), found no {DESCRIPTION}')
        content = read_yaml(path, SegmentationError)
        version = content.get('version') if isinstance(content, dict) else content
        if version != VERSION:
            raise SegmentationError(f'{path}: expected version {VERSION} of the SLME cache, '
                                    f'found {brief(version)}')
        if not _is_description(content):
            raise SegmentationError(f'{path}: expected the texts label_set and label_set_digest, '
                                    'the list groups and size [height, width], found other')
        return cls(path.parent, content['label_set'], content['label_set_digest'],
                   tuple(content['groups']), tuple(content['size']))

    def write_description(self) -> None:
        """Write slme.yaml; the maps are ``encode``'s to write."""
        content = {'version': VERSION, 'label_set': self.label_set,
                   'label_set_digest': self.label_set_digest, 'groups': list(self.groups),
                   'size': list(self.size)}
        with replacing_file(self.folder / DESCRIPTION) as aside:
            aside.write_text(yaml.safe_dump(content, sort_keys=False), encoding='utf-8')

    def group_path(self, image: str) -> Path:
        """Return where the group map of an image (``PlaceTable.images``) lies."""
        return self.folder / 'groups' / companion(image)

    def require(self, images: Iterable[str]) -> None:
        """
        Check that the maps of all these images are there, before long work starts.

        :raises SegmentationError: naming the first missing one and counting the others.
        """
        missing = [image for image in images if not self.group_path(image).is_file()]
        if missing:
            raise SegmentationError(
                f'{self.folder}: expected the group map of {missing[0]}, found none'
                f' ({len(missing)} missing in all): encode the data set first')

    def read(self, image: str) -> NDArray[np.uint8]:
        """
        Read the group map of an image.

        :return: (H, W) uint8 of ``size``: 0 for void, 1 + position in ``groups`` otherwise.
        :raises SegmentationError: the map is missing, corrupt, of another size, or holds a
            group that the cache does not have.
        """
        path = self.group_path(image)
        try:
            groups = read_label_map(path)
        except ImageError as error:
            raise SegmentationError(f'group map of {image}: {error}') from error
        if groups.shape != self.size:
            raise SegmentationError(f'{path}: expected a group map of {self.size} (height, '
                                    f'width), found {groups.shape}')
        if groups.max() > len(self.groups):
            raise SegmentationError(f'{path}: expected group indices 0..{len(self.groups)}, '
                                    f'found {groups.max()}')
        return groups


def _is_description(content: dict[str, Any]) -> bool:
    def is_list(value: Any, kind: type, shortest: int, longest: int) -> bool:
        return (isinstance(value, list) and shortest <= len(value) <= longest
                and all(type(item) is kind for item in value))

    return (isinstance(content.get('label_set'), str)
            and isinstance(content.get('label_set_digest'), str)
            and is_list(content.get('groups'), str, 1, 254)
            and is_list(content.get('size'), int, 2, 2) and min(content['size']) > 0)
