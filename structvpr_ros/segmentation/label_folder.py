# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The labels/ folder of a place data set: where label maps lie, and what made them."""

from pathlib import Path
from typing import Any, Optional

import yaml

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import DatasetError, SegmentationError
from structvpr_ros.storage import replacing_file
from structvpr_ros.yaml_file import read_yaml

RECORD = 'segment.yaml'


def label_paths(table: PlaceTable) -> list[Path]:
    """
    Return the paths of all rows' label maps.

    :raises DatasetError: two images differ in their suffix alone and would share a label map.
    """
    paths = [table.label_path(row) for row in range(len(table))]
    first: dict[Path, str] = {}
    for image, path in zip(table.images, paths, strict=True):
        if path in first:
            raise DatasetError(
                f'{table.root}: {first[path]} and {image} would share the label map {path.name}: '
                'expected names that differ before the suffix')
        first[path] = image
    return paths


def existing_label_paths(table: PlaceTable) -> list[Path]:
    """
    Return the paths of all rows' label maps, having seen that each file is there.

    :raises DatasetError: as ``label_paths``.
    :raises SegmentationError: naming the first missing label map and counting the others.
    """
    paths = label_paths(table)
    missing = [row for row, path in enumerate(paths) if not path.is_file()]
    if missing:
        raise SegmentationError(
            f'{paths[missing[0]]}: expected the label map of {table.images[missing[0]]}, found '
            f'no file ({len(missing)} of {len(paths)} label maps are missing)')
    return paths


def read_record(root: Path) -> Optional[dict[str, Any]]:
    """
    Return what ``segment`` noted of the label maps of a data set, None if it made none there.

    :raises SegmentationError: the note cannot be read.
    """
    path = root / 'labels' / RECORD
    if not path.is_file():
        return None
    record = read_yaml(path, SegmentationError)
    if not isinstance(record, dict):
        raise SegmentationError(f'{path}: expected what segment wrote, found something else')
    return record


def write_record(root: Path, record: dict[str, Any]) -> None:
    """Note what made the label maps of a data set."""
    with replacing_file(root / 'labels' / RECORD) as aside:
        aside.write_text(yaml.safe_dump(record, sort_keys=False), encoding='utf-8')
