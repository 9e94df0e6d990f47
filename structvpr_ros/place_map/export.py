# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A map as files that anything reads: descriptors as .npy, frames as CSV."""

import csv
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.storage import replacing_folder

DESCRIPTORS = 'descriptors.npy'
FRAMES = 'frames.csv'


@dataclass(frozen=True)
class ExportMapOptions:
    """
    What is exported and where to.

    :param map: the map's folder.
    :param output: a folder that gets descriptors.npy, float32 (N, D), and frames.csv, a line for
        each of its rows; an older export there is replaced.
    """

    map: Path  # noqa: A003
    output: Path


def export_map(options: ExportMapOptions) -> Path:
    """
    Write the descriptors and the frames of a map; return the folder.

    :raises MapError: the map is bad.
    :raises ConfigurationError: ``output`` is something else than an export or an empty folder.
    """
    place_map = PlaceMap.open(options.map)
    output = Path(options.output)
    with replacing_folder(output, FRAMES) as aside:
        stored = place_map.stored_descriptors()
        # Through a mapping: those of a large map need not fit into memory.
        np.lib.format.open_memmap(aside / DESCRIPTORS, 'w+', np.float32, stored.shape)[:] = stored
        with (aside / FRAMES).open('w', newline='', encoding='utf-8') as file:
            writer = csv.DictWriter(file, [field.name for field in fields(Frame)])
            writer.writeheader()
            writer.writerows(map(asdict, place_map.frames))
    return output
