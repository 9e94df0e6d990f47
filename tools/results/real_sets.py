# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Three small real sets as place data sets: their frames as positions along a line."""

import csv
from dataclasses import dataclass
import math
from pathlib import Path
import re
import shutil
from typing import Callable, Iterable

import numpy as np

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.place_table import PlaceTable

# A frame of the map is right within so many frames of the query's own number, in each set.
Row = tuple[Path, float, float, str]  # image, frame number, line that it lies on, split


@dataclass(frozen=True)
class RealSet:
    """
    One set and its truth.

    :param title: as the table has it.
    :param about: what is hard in it.
    :param within: frames to either side that are right.
    :param rows: reads the published folder.
    """

    title: str
    about: str
    within: int
    rows: Callable[[Path], Iterable[Row]]

    def write(self, published: Path, output: Path) -> Path:
        """Write the place data set, a metre a frame, and return its folder."""
        images, numbers, lines, splits = zip(*self.rows(published), strict=True)
        names = [f'images/{split}/{image.name}' for image, split in zip(images, splits)]
        for image, name in zip(images, names):
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(image, output / name)
        write_place_dataset(PlaceTable(
            output, tuple(names), tuple(Path(name).stem for name in names),
            np.stack([numbers, 1e5 * np.array(lines)], axis=1), np.full(len(names), math.nan),
            ('',) * len(names), splits))
        return output


def _two_folders(reference: str, query: str) -> Callable[[Path], Iterable[Row]]:
    # The n-th image of the one is that of the other.
    def rows(folder: Path) -> Iterable[Row]:
        for name, split in ((reference, 'test_map'), (query, 'test_query')):
            images = sorted(path for path in (folder / name).iterdir() if path.is_file())
            yield from ((image, float(number), 0.0, split)
                        for number, image in enumerate(images))
    return rows


def _tower(folder: Path) -> Iterable[Row]:
    with (folder / 'frames.csv').open(newline='', encoding='utf-8') as file:
        frames = list(csv.DictReader(file))
    walks = {}
    for frame in frames:
        walk, number = re.fullmatch(r'(.*)_frame_(\d+)\..*', frame['image']).groups()
        split = 'test_query' if frame['split'] == 'query' else 'test_map'
        yield (folder / 'images' / frame['image'], float(number),
               float(walks.setdefault(walk, len(walks))), split)


REAL_SETS = {
    'corridor': RealSet('Corridor', 'indoors, 160 x 120 pixels', 2, _two_folders('ref', 'query')),
    'nordland_tiny': RealSet('Nordland, small', 'season, 64 x 32 grey pixels', 2,
                             _two_folders('summer', 'winter')),
    'ietower': RealSet('IE Tower', 'viewpoint, floors that look alike', 5, _tower)}
