# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Join place data sets into one, far from each other, to train on all of them at once.

    python3 tools/student/join_places.py OUTPUT FOLDER...

Only images are joined: the RGB branch needs no label maps. Files are hard links where the file
system has them.
"""

import os
from pathlib import Path, PurePosixPath
import shutil
import sys

import numpy as np

from structvpr_ros.data.folder import read_place_dataset, write_place_dataset
from structvpr_ros.data.place_table import PlaceTable

APART = 1e6  # metres from one data set to the next


def main(output: Path, folders: list[Path]) -> None:
    """Link the images into a folder for each data set, and write places.csv."""
    tables = [read_place_dataset(folder) for folder in folders]
    names = [[f'images/{folder.name}/{PurePosixPath(image).relative_to("images")}'
              for image in table.images] for folder, table in zip(folders, tables)]
    for table, images in zip(tables, names):
        for row, image in enumerate(images):
            _link(table.image_path(row), output / image)
    write_place_dataset(PlaceTable(
        root=output,
        images=tuple(image for images in names for image in images),
        places=tuple(f'{folder.name}/{place}' for folder, table in zip(folders, tables)
                     for place in table.places),
        positions=np.concatenate([table.positions + (APART * number, 0)
                                  for number, table in enumerate(tables)]),
        headings=np.concatenate([table.headings for table in tables]),
        conditions=sum((table.conditions for table in tables), ()),
        splits=sum((table.splits for table in tables), ())))


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy(source, target)


if __name__ == '__main__':
    main(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
