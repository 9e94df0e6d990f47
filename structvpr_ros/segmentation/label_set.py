# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Label sets: what each class id of a label map means, and which group it belongs to."""

from dataclasses import dataclass, replace
import hashlib
from pathlib import Path
from typing import Any, Mapping

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.groups import GROUPS, VOID_NAME
from structvpr_ros.yaml_file import brief, read_yaml

UNKNOWN = 255
_SHIPPED = Path(__file__).parent / 'label_sets'


@dataclass(frozen=True)
class LabelSet:
    """
    The classes of one data set or model.

    :param name: what messages and caches call it.
    :param names: class id (0..255) -> class name.
    :param groups: class id -> one of ``group_names`` or ``'void'``; the same ids.
    :param group_names: of up to 254 groups; a group's index is its place here plus one.
    """

    name: str
    names: Mapping[int, str]
    groups: Mapping[int, str]
    group_names: tuple[str, ...] = GROUPS

    def lookup(self) -> NDArray[np.uint8]:
        """Return (256,) uint8: class id -> group index; 255 (``UNKNOWN``) where there is none."""
        index = {group: number for number, group in enumerate((VOID_NAME, *self.group_names))}
        table = np.full(256, UNKNOWN, np.uint8)
        for class_id, group in self.groups.items():
            table[class_id] = index[group]
        return table

    def unclustered(self) -> 'LabelSet':
        """
        Return the label set in which each class is a group of its own; void classes stay void.

        :raises SegmentationError: there are too many classes for a map of 8 bits.
        """
        groups = {class_id: VOID_NAME if group == VOID_NAME else self.names[class_id]
                  for class_id, group in sorted(self.groups.items())}
        classes = tuple(dict.fromkeys(name for name in groups.values() if name != VOID_NAME))
        if len(classes) >= UNKNOWN:
            raise SegmentationError(f'label set {self.name!r}: expected up to {UNKNOWN - 1} '
                                    f'classes beside void, found {len(classes)}')
        return replace(self, groups=groups, group_names=classes)

    def digest(self) -> str:
        """Return a SHA-256 that two label sets share if they encode all label maps alike."""
        return hashlib.sha256(self.lookup().tobytes()).hexdigest()

    def channel_counts(self) -> tuple[int, ...]:
        """
        Return how many channels a model of these classes may have, where channel c means id c.

        Ids count up from 0 to the first gap (Cityscapes trainIds: 19, the ignored 255 has no
        channel). A last class that is void may have a channel or not (CamVid: 12 or 11).
        """
        count = next(i for i in range(257) if i not in self.names)
        has_void_last = count > 1 and self.groups[count - 1] == VOID_NAME
        return (count, count - 1) if has_void_last else (count,)


def shipped_label_sets() -> list[str]:
    """Return the names of the label sets that come with the package."""
    return sorted(path.stem for path in _SHIPPED.glob('*.yaml'))


def load_label_set(name_or_path: str) -> LabelSet:
    """
    Load a label set that comes with the package by its name, or a YAML file by its path.

    :raises SegmentationError: no such label set; or the file's first mistake: not YAML, a field
        missing or unknown, an id outside 0..255 or given twice, an unknown group.
    """
    if name_or_path.endswith(('.yaml', '.yml')):
        path = Path(name_or_path)
    elif name_or_path in shipped_label_sets():
        path = _SHIPPED / f'{name_or_path}.yaml'
    else:
        raise SegmentationError(f'expected a label set among {", ".join(shipped_label_sets())} '
                                f'or the path of a .yaml file, found {name_or_path!r}')
    return _label_set(str(path), read_yaml(path, SegmentationError))


def _label_set(source: str, content: Any) -> LabelSet:
    _check_fields(source, content, {'name', 'classes'})
    _check_text(source, content['name'])
    if not isinstance(content['classes'], list) or not content['classes']:
        raise SegmentationError(f'{source}: expected classes to be a list of at least one class, '
                                f'found {brief(content["classes"])}')
    names: dict[int, str] = {}
    groups: dict[int, str] = {}
    for number, entry in enumerate(content['classes'], 1):
        where = f'{source}: class {number} of the list'
        _check_class(where, entry)
        if entry['id'] in names:
            raise SegmentationError(f'{where}: id {entry["id"]} is taken by '
                                    f'{names[entry["id"]]!r} already')
        names[entry['id']] = entry['name']
        groups[entry['id']] = entry['group']
    return LabelSet(content['name'], names, groups)


def _check_class(where: str, entry: Any) -> None:
    _check_fields(where, entry, {'id', 'name', 'group'})
    _check_text(where, entry['name'])
    # bool is an int in Python, and "id: yes" a bool in YAML.
    if type(entry['id']) is not int or not 0 <= entry['id'] <= 255:
        raise SegmentationError(f'{where}: expected an id in 0..255, found {brief(entry["id"])}')
    if entry['group'] not in (VOID_NAME, *GROUPS):
        raise SegmentationError(f'{where}: expected a group among {", ".join(GROUPS)} or '
                                f'{VOID_NAME}, found {brief(entry["group"])}')


def _check_fields(where: str, value: Any, fields: set[str]) -> None:
    if not isinstance(value, dict) or set(value) != fields:
        found = brief(value) if not isinstance(value, dict) else ', '.join(
            brief(field) for field in list(value)[:8])
        raise SegmentationError(f'{where}: expected the fields {", ".join(sorted(fields))}, '
                                f'found {found}')


def _check_text(where: str, name: Any) -> None:
    if not isinstance(name, str) or not name:
        raise SegmentationError(f'{where}: expected name to be a text, found {brief(name)}')
