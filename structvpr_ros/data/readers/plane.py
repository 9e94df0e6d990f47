# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From latitudes and longitudes to metres in a plane, for areas of some kilometres."""

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS = 6_371_000.0  # metres, mean


def to_plane(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64],
             origin: tuple[float, float]) -> NDArray[np.float64]:
    """
    Project onto the plane that touches the sphere at an origin (equirectangular).

    Within 10 km of the origin, distances are right to some parts in a thousand.

    :param latitudes: (N,) degrees, north positive.
    :param longitudes: (N,) degrees, east positive.
    :param origin: latitude and longitude, degrees.
    :return: (N, 2) metres to the east and to the north of the origin.
    """
    latitude, longitude = origin
    east = np.radians(longitudes - longitude) * np.cos(np.radians(latitude))
    return EARTH_RADIUS * np.stack([east, np.radians(latitudes - latitude)], axis=1)
