# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A trial: the queries, the database that they are sought in, and which images are right."""

from dataclasses import dataclass
import math
from pathlib import Path

import numpy as np

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity, relate, Relations
from structvpr_ros.place_map.place_map import PlaceMap


@dataclass(frozen=True)
class Trial:
    """
    What every system is asked.

    :param queries: Q images that are looked up.
    :param database: N images that are searched.
    :param proximity: what counts as the same place where positions are known.
    :param relations: of the queries to the database.
    """

    queries: PlaceTable
    database: PlaceTable
    proximity: Proximity
    relations: Relations

    @classmethod
    def open(cls, queries: PlaceTable, database: PlaceTable, proximity: Proximity) -> 'Trial':
        """Relate queries to a database."""
        return cls(queries, database, proximity, relate(queries, database, proximity))


def map_table(place_map: PlaceMap, dataset: Path) -> PlaceTable:
    """
    Return the images of a place map as a table.

    :param dataset: folder that the map's images lie below, if it was built from there; a map
        of another data set knows its images by name alone.
    """
    frames = place_map.frames
    positions = [(frame.x, frame.y) for frame in frames]
    known = all(x is not None for x, _ in positions)
    of_dataset = {frame.source for frame in frames} == {dataset.resolve().name}
    return PlaceTable(
        root=dataset.resolve() if of_dataset else place_map.folder,
        images=tuple(frame.image for frame in frames),
        places=tuple(frame.place for frame in frames),
        positions=np.array(positions, np.float64) if known else None,
        headings=np.array([math.nan if frame.heading is None else frame.heading
                           for frame in frames]),
        conditions=tuple(frame.condition for frame in frames),
        splits=('',) * len(frames))
