# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Rotations from the quaternions of messages, which need not be of unit length."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation


def matrices(quaternions: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Turn quaternions into matrices; NaN where one says nothing.

    :param quaternions: (N, 4) x, y, z, w. Zero, as a message has it whose sender left it out,
        and what is not finite, are no rotations.
    :return: (N, 3, 3) float64.
    """
    rotations = np.full((len(quaternions), 3, 3), np.nan)
    lengths = np.linalg.norm(quaternions, axis=1)
    told = np.isfinite(lengths) & (lengths > 1e-9)
    if told.any():
        rotations[told] = Rotation.from_quat(quaternions[told]).as_matrix()
    return rotations
