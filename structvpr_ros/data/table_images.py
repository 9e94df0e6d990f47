# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A place data set as a source of posed images."""

from functools import partial
import math
from typing import Iterator, Sequence

from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.posed_images import Load, PosedImage


class TableImages:
    """The images of a place-image table; a ``PosedImages``."""

    origin = None

    def __init__(self, table: PlaceTable) -> None:
        """Take the rows of a table, named after its folder."""
        self._table = table
        positions = [(None, None)] * len(table) if table.positions is None \
            else table.positions.tolist()
        self.entries = [
            PosedImage(table.root.name, image, place, x, y,
                       None if math.isnan(heading) else heading, None, condition)
            for image, place, (x, y), heading, condition in zip(
                table.images, table.places, positions, table.headings.tolist(),
                table.conditions, strict=True)]

    def identity(self, row: int) -> str:
        """Return size and time of the file."""
        status = self._table.image_path(row).stat()
        return f'{status.st_size} {status.st_mtime_ns}'

    def loads(self, rows: Sequence[int]) -> Iterator[Load]:
        """Yield what reads the file of each row."""
        for row in rows:
            yield partial(read_image, self._table.image_path(row))
