# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Points on the Earth, and metres east and north of one of them.

Geodetic coordinates become Earth-centred, Earth-fixed ones (ECEF) on the ellipsoid of WGS 84
(NIMA TR8350.2), and those the local tangent plane's: x east, y north (REP 103).
"""

from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError

_SEMI_MAJOR_AXIS = 6378137.0  # metres
_FLATTENING = 1 / 298.257223563
_ECCENTRICITY_SQUARED = _FLATTENING * (2 - _FLATTENING)


@dataclass(frozen=True)
class GeoPoint:
    """
    A point on the Earth.

    :param latitude: degrees north, -90 to 90.
    :param longitude: degrees east, -180 to 180.
    :param altitude: metres above the ellipsoid.
    :raises ConfigurationError: they are no such numbers.
    """

    latitude: float
    longitude: float
    altitude: float = 0.0

    def __post_init__(self) -> None:
        # NaN is no smaller than anything.
        if not (abs(self.latitude) <= 90 and abs(self.longitude) <= 180
                and math.isfinite(self.altitude)):
            raise ConfigurationError(
                'expected a latitude of -90 to 90, a longitude of -180 to 180 and a finite '
                f'altitude, found {self.latitude}, {self.longitude} and {self.altitude}')

    def ecef(self) -> NDArray[np.float64]:
        """Return the point in metres from the centre of the Earth, (3,)."""
        latitude, longitude = math.radians(self.latitude), math.radians(self.longitude)
        # The radius of curvature in the prime vertical.
        normal = _SEMI_MAJOR_AXIS / math.sqrt(
            1 - _ECCENTRICITY_SQUARED * math.sin(latitude) ** 2)
        across = (normal + self.altitude) * math.cos(latitude)
        up = (normal * (1 - _ECCENTRICITY_SQUARED) + self.altitude) * math.sin(latitude)
        return np.array([across * math.cos(longitude), across * math.sin(longitude), up])

    def east_north(self, point: 'GeoPoint') -> tuple[float, float]:
        """Return how many metres another point lies east and north of this one."""
        dx, dy, dz = (point.ecef() - self.ecef()).tolist()
        latitude, longitude = math.radians(self.latitude), math.radians(self.longitude)
        east = -math.sin(longitude) * dx + math.cos(longitude) * dy
        outward = math.cos(longitude) * dx + math.sin(longitude) * dy
        return east, math.cos(latitude) * dz - math.sin(latitude) * outward
