# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Make a place data set of the walks through IE Tower (MIT licence).

    python3 tools/student/ietower_to_places.py IETOWER OUTPUT

IETOWER holds images/ and frames.csv. The walks have no positions, but their frames are numbered:
a nominal 2 m a frame turns numbers into metres along the walk. The published gallery is trained
on, its queries are left out.
"""

import csv
import math
from pathlib import Path
import shutil
import sys

import numpy as np

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.place_table import PlaceTable

METRES_PER_FRAME = 2.0
LANE = 1000.0  # metres from one walk to the next, more than any is long
TRAINED_ON = 'gallery'


def main(tower: Path, output: Path) -> None:
    """Copy the images, and write places.csv."""
    with (tower / 'frames.csv').open(newline='', encoding='utf-8') as file:
        frames = [frame for frame in csv.DictReader(file) if frame['split'] == TRAINED_ON]
    walks = sorted({_walk(frame['image']) for frame in frames})
    lanes = {walk: lane for lane, walk in enumerate(walks)}
    (output / 'images').mkdir(parents=True)
    for frame in frames:
        shutil.copy(tower / 'images' / frame['image'], output / 'images')
    names = [frame['image'] for frame in frames]
    write_place_dataset(PlaceTable(
        root=output,
        images=tuple(f'images/{name}' for name in names),
        places=tuple(Path(name).stem for name in names),
        positions=np.array([(METRES_PER_FRAME * int(Path(name).stem.rpartition('_')[2]),
                             LANE * lanes[_walk(name)]) for name in names]),
        headings=np.full(len(frames), math.nan),
        conditions=('indoors',) * len(frames),
        splits=('train',) * len(frames)))


def _walk(image: str) -> str:
    return image.rpartition('_frame_')[0]


if __name__ == '__main__':
    main(Path(sys.argv[1]), Path(sys.argv[2]))
