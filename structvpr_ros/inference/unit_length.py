# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What makes a row a descriptor: finite, and of unit length."""

import numpy as np
from numpy.typing import NDArray

_TOLERANCE = 1e-3


def unit_rows(descriptors: NDArray[np.float32]) -> int:
    """Return how many rows of (N, D), from the first on, are of unit length and finite."""
    # NaN and infinity are no nearer to 1 than the tolerance.
    unit = np.abs(np.linalg.norm(descriptors, axis=1) - 1) <= _TOLERANCE
    return len(unit) if unit.all() else int(np.argmin(unit))
