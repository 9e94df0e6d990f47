# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Tokyo 24/7: phone pictures by day, at sunset and at night, sought among Street View.

Layout: tokyo247.mat (or datasets/tokyo247.mat, as NetVLAD's archive unpacks it), the database in
03814/ to 03829/ (or in database_gsv_vga/), the queries in 247query_subset_v2/ (or in
queries/247query_subset_v2/).
"""

from pathlib import Path
from typing import Optional

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.db_struct import read_db_struct
from structvpr_ros.data.readers.rows import Listing, make_table, Row
from structvpr_ros.errors import DatasetError

_STRUCTS = ('tokyo247.mat', 'datasets/tokyo247.mat')
_QUERIES = ('247query_subset_v2', 'queries/247query_subset_v2', 'query/247query_subset_v2')
_DATABASE = 'database_gsv_vga/'


def is_tokyo247(root: Path) -> bool:
    """Tell whether a folder looks like this layout."""
    return None not in (_first(root, _STRUCTS), _first(root, _QUERIES))


def read_tokyo247(root: Path) -> PlaceTable:
    """
    Read database and queries: splits ``test_map`` and ``test_query``.

    :raises DatasetError: the .mat file or the queries are missing, or an image is.
    """
    mat, queries = _first(root, _STRUCTS), _first(root, _QUERIES)
    if mat is None:
        raise DatasetError(f'{root}: expected {" or ".join(_STRUCTS)} (in '
                           'netvlad_v100_datasets.tar.gz), found neither')
    if queries is None:
        raise DatasetError(f'{root}: expected the queries in {" or ".join(_QUERIES)} (from '
                           '247query_subset_v2.zip), found none of these folders')
    struct = read_db_struct(root / mat)
    listing = Listing(root)
    folder = _DATABASE if (root / _DATABASE).is_dir() else ''
    rows = [Row(_stored(listing, folder + name), str(Path(name).parent), tuple(position),
                split='test_map')
            for name, position in zip(struct.database, struct.database_positions.tolist())]
    rows += [Row(_stored(listing, f'{queries}/{name}'), f'{queries}/{name}', tuple(position),
                 split='test_query')
             for name, position in zip(struct.queries, struct.query_positions.tolist())]
    return make_table(root, rows)


def _stored(listing: Listing, image: str) -> str:
    # The struct says .jpg throughout, but the database was published as .png.
    other = image.removesuffix('.jpg') + '.png'
    return other if image not in listing and other in listing else image


def _first(root: Path, candidates: tuple[str, ...]) -> Optional[str]:
    return next((name for name in candidates if (root / name).exists()), None)
