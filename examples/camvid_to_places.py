# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Make a place data set from CamVid's drives: the pattern for bringing your own data.

    python3 examples/camvid_to_places.py CAMVID OUTPUT

CAMVID holds images/ and labels/; OUTPUT becomes a place data set. All there is to do is to copy
the pictures below images/, their label maps below labels/, and to say of each where it was
taken and what it is for. CamVid has no positions, but its file names carry the frame number of a
30 Hz video: a nominal 10 m/s turns it into metres along the drive. Drives lie 10 km apart.
"""

import math
from pathlib import Path
import re
import shutil
import sys

import numpy as np

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.place_table import PlaceTable

METRES_PER_FRAME = 10 / 30
# Training, validation and test are different drives, so that nothing is tested on what it saw.
# Within a drive every other frame is the map and the rest are queries.
ROLE = {'0016E5': 'train', '0006R0': 'val', 'Seq05VD': 'test', '0001TP': 'test'}


def main(camvid: Path, output: Path) -> None:
    """Copy the images and label maps, and write places.csv."""
    rows = []
    for lane, drive in enumerate(ROLE):
        for turn, image in enumerate(sorted((camvid / 'images').glob(f'{drive}_*.jpg'))):
            frame_number = int(re.search(r'(\d+)$', image.stem)[1])
            position = (frame_number * METRES_PER_FRAME, 10_000 * lane)
            split = ROLE[drive]
            if split != 'train':
                split += '_query' if turn % 2 else '_map'
            rows.append((image.name, position, split))

    (output / 'images').mkdir(parents=True)
    (output / 'labels').mkdir()
    for name, _, _ in rows:
        shutil.copy(camvid / 'images' / name, output / 'images')
        shutil.copy((camvid / 'labels' / name).with_suffix('.png'), output / 'labels')

    write_place_dataset(PlaceTable(
        root=output,
        images=tuple(f'images/{name}' for name, _, _ in rows),
        places=tuple(Path(name).stem for name, _, _ in rows),
        positions=np.array([position for _, position, _ in rows]),
        headings=np.full(len(rows), math.nan),
        conditions=('',) * len(rows),
        splits=tuple(split for _, _, split in rows)))


if __name__ == '__main__':
    main(Path(sys.argv[1]), Path(sys.argv[2]))
