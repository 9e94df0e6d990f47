# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""All layouts of data sets by name: how to recognise, read and get each."""

from dataclasses import dataclass
from functools import partial
import math
from pathlib import Path
from typing import Callable, get_args, Literal, Mapping

from structvpr_ros.data.folder import read_place_dataset, TABLE
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.data.readers.gsv_cities import is_gsv_cities, read_gsv_cities
from structvpr_ros.data.readers.itlp_campus import is_itlp_campus, read_itlp_campus
from structvpr_ros.data.readers.msls import is_msls, read_msls
from structvpr_ros.data.readers.nordland import (
    is_nordland,
    METRES_PER_FRAME,
    read_nordland,
    TOLERANCE,
)
from structvpr_ros.data.readers.pittsburgh import is_pittsburgh, read_pittsburgh
from structvpr_ros.data.readers.st_lucia import is_st_lucia, read_st_lucia
from structvpr_ros.data.readers.tokyo247 import is_tokyo247, read_tokyo247
from structvpr_ros.data.readers.vg_benchmark import is_vg_benchmark, read_vg_benchmark
from structvpr_ros.data.readers.vpr_bench import is_vpr_bench, read_vpr_bench
from structvpr_ros.errors import DatasetError

LayoutName = Literal[
    'auto', 'folder', 'gsv_cities', 'itlp_campus', 'msls', 'nordland', 'pittsburgh30k',
    'pittsburgh250k', 'st_lucia', 'tokyo247', 'vg_benchmark', 'vpr_bench']

# The rule of most benchmarks: 25 m, however the camera is turned.
_WITHIN_25_M = Proximity(25.0, 25.0, math.pi)
# Half a frame more than the tolerance, for no distance is to fall on the edge.
_WITHIN_FRAMES = METRES_PER_FRAME * (TOLERANCE + 0.5)


@dataclass(frozen=True)
class Layout:
    """
    One layout.

    :param matches: tells from a glance whether a folder looks like it.
    :param read: reads a folder; raises DatasetError.
    :param rule: what its evaluation takes for the same place.
    :param source: where the data set comes from; '' for our own layout.
    """

    matches: Callable[[Path], bool]
    read: Callable[[Path], PlaceTable]
    rule: Proximity
    source: str

    def load(self, root: Path) -> PlaceTable:
        """
        Read a folder.

        :raises DatasetError: what is missing or wrong, and where to get it.
        """
        try:
            return self.read(Path(root).resolve())
        except DatasetError as error:
            if not self.source:
                raise
            raise DatasetError(f'{error} ({self.source})') from error


_NETVLAD = 'images and .mat files from the authors: https://www.di.ens.fr/willow/research/netvlad/'

LAYOUTS: Mapping[str, Layout] = {
    'folder': Layout(lambda root: (root / TABLE).is_file(), read_place_dataset, Proximity(), ''),
    'gsv_cities': Layout(is_gsv_cities, read_gsv_cities, Proximity(),
                         'GSV-Cities: https://github.com/amaralibey/gsv-cities'),
    'itlp_campus': Layout(is_itlp_campus, read_itlp_campus, Proximity(),
                          'ITLP-Campus: https://github.com/OPR-Project/ITLP-Campus'),
    'msls': Layout(is_msls, read_msls, _WITHIN_25_M,
                   'Mapillary SLS: https://www.mapillary.com/dataset/places'),
    'nordland': Layout(is_nordland, read_nordland,
                       Proximity(_WITHIN_FRAMES, _WITHIN_FRAMES, math.pi),
                       'Nordland, frames and list: https://github.com/QVPR/Patch-NetVLAD'),
    'pittsburgh30k': Layout(partial(is_pittsburgh, size='30k'),
                            partial(read_pittsburgh, size='30k'), _WITHIN_25_M,
                            f'Pittsburgh, {_NETVLAD}'),
    'pittsburgh250k': Layout(partial(is_pittsburgh, size='250k'),
                             partial(read_pittsburgh, size='250k'), _WITHIN_25_M,
                             f'Pittsburgh, {_NETVLAD}'),
    'st_lucia': Layout(is_st_lucia, read_st_lucia, _WITHIN_25_M,
                       'St Lucia: https://github.com/arrenglover/openfabmap/wiki/Datasets'),
    'tokyo247': Layout(is_tokyo247, read_tokyo247, _WITHIN_25_M, f'Tokyo 24/7, {_NETVLAD}'),
    'vg_benchmark': Layout(is_vg_benchmark, read_vg_benchmark, _WITHIN_25_M,
                           'https://github.com/gmberton/VPR-datasets-downloader writes it'),
    'vpr_bench': Layout(is_vpr_bench, read_vpr_bench, Proximity(),
                        'VPR-Bench: https://github.com/MubarizZaffar/VPR-Bench'),
}

assert set(get_args(LayoutName)) == {'auto', *LAYOUTS}


def find_layout(root: Path, name: LayoutName = 'auto') -> Layout:
    """
    Return a layout by name, or recognise that of a folder.

    :param name: ``auto``: the one layout that the folder looks like.
    :raises DatasetError: there is no such folder, or it looks like none or several layouts.
    """
    root = Path(root)
    if not root.is_dir():
        raise DatasetError(f'{root}: expected a place data set, found no such folder')
    if name != 'auto':
        return LAYOUTS[name]
    # What has a places.csv was made for us, whatever else lies there.
    if LAYOUTS['folder'].matches(root):
        return LAYOUTS['folder']
    found = [name for name, layout in LAYOUTS.items() if layout.matches(root)]
    if len(found) != 1:
        raise DatasetError(
            f'{root}: expected a place data set ({TABLE}) or a public one, found '
            f'{"those of " + ", ".join(found) if found else "neither"}: name it by --layout as '
            f'one of {", ".join(found or LAYOUTS)}')
    return LAYOUTS[found[0]]


def read_dataset(root: Path, name: LayoutName = 'auto') -> PlaceTable:
    """
    Read a data set of any known layout.

    :raises DatasetError: as ``find_layout`` and ``Layout.load``.
    """
    return find_layout(root, name).load(root)
