# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
``python -m structvpr_ros.data.readers.mat_struct FILE``: dbStruct of a .mat file, as .npz.

A process of its own, since SciPy's reader is compiled: a damaged file may end it by a wrong access
to memory, which no Python code could catch.
"""

from io import BytesIO
from pathlib import Path
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

from structvpr_ros.errors import DatasetError

SIDES = ('dbImageFns', 'utmDb'), ('qImageFns', 'utmQ')
_FIELDS = tuple(name for side in SIDES for name in side)


def main() -> None:
    """Write the fields of ``DbStruct`` to the standard output, or why not to the other; exit."""
    path, stream = Path(sys.argv[1]), BytesIO()
    try:
        np.savez(stream, **_parse(path))
    except DatasetError as error:
        sys.stderr.write(str(error))
        raise SystemExit(2) from error
    sys.stdout.buffer.write(stream.getvalue())


def _parse(path: Path) -> dict[str, NDArray[Any]]:
    try:
        struct = loadmat(path, variable_names=['dbStruct'], simplify_cells=True).get('dbStruct')
    # SciPy's readers share no base of their own on a damaged file.
    except Exception as error:
        raise DatasetError(f'{path}: SciPy cannot read it as a MATLAB file: {error}') from error
    if not isinstance(struct, dict) or not set(_FIELDS) <= set(struct):
        raise DatasetError(f'{path}: expected a struct dbStruct with the fields '
                           f'{", ".join(_FIELDS)}, found another content')
    return {name: values for side in SIDES
            for name, values in zip(side, _side(path, struct, *side), strict=True)}


def _side(path: Path, struct: dict[str, Any], names: str,
          positions: str) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
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
    return np.array(found, np.str_), metres


if __name__ == '__main__':
    main()
