# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The MATLAB struct ``dbStruct`` that NetVLAD's data sets come with.

Its fields are described with github.com/Relja/netvlad: image names and UTM coordinates of a
database and of its queries. A .mat file of version 5 holds arrays and no code.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
import subprocess
import sys

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.readers import mat_struct
from structvpr_ros.errors import DatasetError


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
    run = subprocess.run([sys.executable, '-Wignore', '-m', mat_struct.__name__, path],
                         capture_output=True)
    if run.returncode == 2:
        raise DatasetError(run.stderr.decode())
    if run.returncode:
        raise DatasetError(f'{path}: expected a MATLAB file, found one at which SciPy crashes '
                           f'({run.returncode}); it may be damaged')
    fields = np.load(BytesIO(run.stdout), allow_pickle=False)
    (names, positions), (queries, query_positions) = (
        (tuple(fields[side[0]].tolist()), fields[side[1]]) for side in mat_struct.SIDES)
    return DbStruct(names, positions, queries, query_positions)
