# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The MATLAB struct ``dbStruct`` that NetVLAD's data sets come with.

Its fields are described with github.com/Relja/netvlad: image names and UTM coordinates of a
database and of its queries. A .mat file of version 5 holds arrays and no code.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

from structvpr_ros.errors import DatasetError

_NAMES = ('dbImageFns', 'utmDb', 'qImageFns', 'utmQ')


@dataclass(frozen=True)
class DbStruct:
    """
    The images of one .mat file.

    :param database: N names.
    :param database_positions: (N, 2) float64, UTM easting and northing in metres.
    :param queries: Q names.
    :param query_positions: (Q, 2) likewise.
    """

    database: tuple[str, ...]
    database_positions: NDArray[np.float64]
    queries: tuple[str, ...]
    query_positions: NDArray[np.float64]


def read_db_struct(path: Path) -> DbStruct:
    """
    Read the struct of a .mat file.

    :raises DatasetError: no such file, no MATLAB file, or one without these fields.
    """
    if not path.is_file():
        raise DatasetError(f'{path}: expected a MATLAB file, found no such file')
    try:
        struct = loadmat(path, variable_names=['dbStruct'], simplify_cells=True).get('dbStruct')
    # SciPy's readers share no base of their own on a damaged file.
    except Exception as error:
        raise DatasetError(f'{path}: SciPy cannot read it as a MATLAB file: {error}') from error
    if not isinstance(struct, dict) or not set(_NAMES) <= set(struct):
        raise DatasetError(f'{path}: expected a struct dbStruct with the fields '
                           f'{", ".join(_NAMES)}, found another content')
    return DbStruct(*_side(path, struct, 'dbImageFns', 'utmDb'),
                    *_side(path, struct, 'qImageFns', 'utmQ'))


def _side(path: Path, struct: dict[str, Any], names: str,
          positions: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    found = np.atleast_1d(struct[names]).ravel().tolist()
    metres = np.asarray(struct[positions])
    # Simplified, the coordinates of a single image lose their second axis.
    if metres.dtype.kind not in 'fiu' or metres.size != 2 * len(found) \
            or not all(isinstance(name, str) for name in found):
        raise DatasetError(f'{path}: expected {names} to be texts and {positions} two numbers '
                           f'for each, found {len(found)} and {metres.dtype} {metres.shape}')
    metres = metres.reshape(2, len(found)).T.astype(np.float64)
    if not np.isfinite(metres).all():
        raise DatasetError(f'{path}: expected finite numbers in {positions}')
    return tuple(found), metres
