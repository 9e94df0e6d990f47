# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which way something looks, from how it is turned in space."""

import numpy as np
from numpy.typing import NDArray

# cos 45 degrees: how steep an axis must be to count as upright.
_UPRIGHT = 0.7071


def headings(rotations: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the headings of frames, radians counter-clockwise from x.

    A frame whose z axis points up is a body, which looks along x. Others are optical, which look
    along z (REP 103); one that looks down has its heading where the top of the image is.

    :param rotations: (N, 3, 3) matrices from the frames to the map.
    :return: (N,) float64, -pi to pi.
    """
    x, y, z = np.moveaxis(rotations, 2, 0)
    along = np.where(z[:, 2:] > _UPRIGHT, x, np.where(z[:, 2:] < -_UPRIGHT, -y, z))
    return np.arctan2(along[:, 1], along[:, 0])
