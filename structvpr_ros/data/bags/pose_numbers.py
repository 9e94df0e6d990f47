# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers of messages that are to be poses: quaternions of any length, and nonsense."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation


def are_positions(positions: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which rows of (N, D) metres are finite, and on this planet."""
    return (np.abs(positions) < 1e9).all(axis=1)


def are_rotations(quaternions: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which of (N, 4) say a rotation; zero does not, as where a sender left it out."""
    size = np.abs(quaternions).max(axis=1, initial=0.0)
    return (size > 1e-9) & (size < 1e9)


def matrices(quaternions: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Turn quaternions into matrices; NaN where one says nothing.

    :param quaternions: (N, 4) x, y, z, w.
    :return: (N, 3, 3) float64.
    """
    rotations = np.full((len(quaternions), 3, 3), np.nan)
    told = are_rotations(quaternions)
    if told.any():
        rotations[told] = Rotation.from_quat(quaternions[told]).as_matrix()
    return rotations
