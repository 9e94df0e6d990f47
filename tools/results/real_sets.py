# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Small real sets as place data sets: their frames as positions along a line."""

import csv
from dataclasses import dataclass
import math
from pathlib import Path
import re
import shutil
from typing import Callable, Iterable, Optional

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.data.place_table import PlaceTable

# A frame of the map is right within so many frames of the query's own number, in each set.
Row = tuple[Path, float, float, str]  # image, frame number, line that it lies on, split
View = Callable[[NDArray[np.uint8], str], NDArray[np.uint8]]  # of an image of a split

# CamVid's drives were labelled once a second, in parts more often; 30 frames are a second.
_SECOND = 30


@dataclass(frozen=True)
class RealSet:
    """
    One set and its truth.

    :param folder: the published one, in that of all sets.
    :param title: as the table has it.
    :param about: what is hard in it.
    :param within: frames to either side that are right.
    :param rows: reads the published folder.
    :param view: what is seen of an image; all of it if not given.
    """

    folder: str
    title: str
    about: str
    within: int
    rows: Callable[[Path], Iterable[Row]]
    view: Optional[View] = None

    def write(self, published: Path, output: Path) -> Path:
        """Write the place data set, a metre a frame, and return its folder."""
        images, numbers, lines, splits = zip(*self.rows(published), strict=True)
        names = [f'images/{split}/{image.name}' for image, split in zip(images, splits)]
        for image, name, split in zip(images, names, splits):
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            if self.view is None:
                shutil.copy2(image, output / name)
            elif not (output / name).exists():  # what is as old as before is not described again
                write_image(output / name, self.view(read_image(image), split))
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


def _drives(folder: Path) -> Iterable[Row]:
    """Take a frame a second of each drive: one for the map, the next for a query, and so on."""
    drives: dict[str, list[tuple[int, Path]]] = {}
    for image in sorted((folder / 'images').iterdir()):
        drive, number = re.fullmatch(r'(.*?)_f?(\d+)', image.stem).groups()
        drives.setdefault(drive, []).append((int(number), image))
    for line, frames in enumerate(drives.values()):
        last, taken = -_SECOND, 0
        for number, image in frames:
            if number - last >= _SECOND - 1:
                split = 'test_query' if taken % 2 else 'test_map'
                yield image, float(number), float(line), split
                last, taken = number, taken + 1


def _nearer(image: NDArray[np.uint8], split: str) -> NDArray[np.uint8]:
    """See the middle three fifths of a query, as one who has gone on."""
    if split == 'test_map':
        return image
    height, width = image.shape[:2]
    return image[int(0.15 * height):int(0.75 * height), int(0.2 * width):int(0.8 * width)]


def _aside(image: NDArray[np.uint8], split: str) -> NDArray[np.uint8]:
    """See the left of the map and the right of a query: a third in common, at another height."""
    height, width = image.shape[:2]
    across, down = int(0.62 * width), int(0.8 * height)
    return image[height - down:, :across] if split == 'test_map' else image[:down, width - across:]


_CAMVID = 'camvid'
# A second to either side, and half of one for drives that are numbered every other frame.
_NEXT = 46

REAL_SETS = {
    'corridor': RealSet('corridor', 'Corridor', 'indoors, 160 x 120 pixels', 2,
                        _two_folders('ref', 'query')),
    'nordland_tiny': RealSet('nordland_tiny', 'Nordland, small', 'season, 64 x 32 grey pixels',
                             2, _two_folders('summer', 'winter')),
    'ietower': RealSet('ietower', 'IE Tower', 'viewpoint, floors that look alike', 5, _tower),
    'camvid': RealSet(_CAMVID, 'CamVid, next second', 'streets, the same drive', _NEXT, _drives),
    'camvid_nearer': RealSet(_CAMVID, 'CamVid, nearer', 'the middle of the next second', _NEXT,
                             _drives, _nearer),
    'camvid_aside': RealSet(_CAMVID, 'CamVid, aside', 'a third in common with the next second',
                            _NEXT, _drives, _aside)}
