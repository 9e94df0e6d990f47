# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Reporting on a map: what it covers, and which of its places look alike."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.proximity import Proximity
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.evaluation.look_alikes import coverage, look_alikes, self_similarity
from structvpr_ros.evaluation.trial import map_table
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.storage import replacing_file

# Rows of the matrix; more would be less than a pixel each.
_MATRIX = 480


@dataclass(frozen=True)
class MapReportOptions:
    """
    Which map is reported on, and where to.

    :param map: the map's folder.
    :param output: the page, an HTML file that needs no network; an older one is replaced.
    :param proximity: what counts as the same place where the map has positions.
    :param queries: so many images of the map are looked up at most, evenly from all of it.
    """

    map: Path  # noqa: A003
    output: Path
    proximity: Proximity = Proximity()
    queries: int = 5000

    def __post_init__(self) -> None:
        if self.queries < 1:
            raise ConfigurationError(f'expected at least 1 of queries, found {self.queries}')


def report_map(options: MapReportOptions) -> Path:
    """
    Write one page on a map: trajectory, coverage, self-similarity and places that look alike.

    :return: the page.
    :raises MapError: the map is bad.
    :raises ConfigurationError: ``output`` is a folder.
    """
    # Matplotlib takes its time to load, and no other subcommand of ``map`` needs it.
    from structvpr_ros.evaluation.report.map_page import map_page, MapFindings
    from structvpr_ros.evaluation.report.markup import render
    output = Path(options.output)
    if output.is_dir():
        raise ConfigurationError(f'{output}: expected a file for output, found a folder')
    place_map = PlaceMap.open(options.map)
    table = map_table(place_map, place_map.folder)
    descriptors, rows = place_map.descriptors(), _evenly(len(table), options.queries)
    page = map_page(MapFindings(
        place_map, table, options.proximity,
        look_alikes(table, descriptors, rows, options.proximity),
        *self_similarity(table, descriptors, _evenly(len(table), _MATRIX), options.proximity),
        coverage(table, rows, options.proximity)))
    with replacing_file(output) as aside:
        # A name from elsewhere need not be Unicode.
        aside.write_text(render(page), encoding='utf-8', errors='backslashreplace')
    return output


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(most, count)).astype(np.int64))
