# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Pittsburgh 30k and 250k: views cut from Street View panoramas, and others years later as queries.

Layout: 000/ to 010/ (the database), queries_real/000/ to 010/, and NetVLAD's
datasets/pitts{30k,250k}_{train,val,test}.mat, all in one folder.
"""

from pathlib import Path

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.db_struct import read_db_struct
from structvpr_ros.data.readers.rows import make_table, Row
from structvpr_ros.errors import DatasetError

_PARTS = ('train', 'val', 'test')


def is_pittsburgh(root: Path, size: str) -> bool:
    """Tell whether a folder looks like this layout of a size, 30k or 250k."""
    return bool(_parts(root, size))


def read_pittsburgh(root: Path, size: str) -> PlaceTable:
    """
    Read the parts whose .mat file is there.

    :param size: 30k or 250k.
    :return: splits ``train`` (database and queries), and ``val_map``, ``val_query``,
        ``test_map``, ``test_query``; the views of one panorama are one place.
    :raises DatasetError: no .mat file is there, one is damaged, or an image is missing.
    """
    parts = _parts(root, size)
    if not parts:
        raise DatasetError(f'{root / "datasets"}: expected pitts{size}_train.mat, _val.mat or '
                           '_test.mat (in netvlad_v100_datasets.tar.gz), found none')
    rows: list[Row] = []
    for part in parts:
        struct = read_db_struct(_mat(root, size, part))
        for names, positions, folder, role in (
                (struct.database, struct.database_positions, '', 'map'),
                (struct.queries, struct.query_positions, 'queries_real/', 'query')):
            split = part if part == 'train' else f'{part}_{role}'
            rows += [Row(folder + name, folder + name.partition('_pitch')[0], tuple(position),
                         split=split) for name, position in zip(names, positions.tolist())]
    return make_table(root, rows)


def _parts(root: Path, size: str) -> list[str]:
    return [part for part in _PARTS if _mat(root, size, part).is_file()]


def _mat(root: Path, size: str, part: str) -> Path:
    return root / 'datasets' / f'pitts{size}_{part}.mat'
