# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Positions and headings in a plane, and how they are chained: the group SE(2)."""

from dataclasses import dataclass
import math


@dataclass(frozen=True)
class PlanarPose:
    """
    A frame B as seen from a frame A.

    :param x: metres, of B's origin in A.
    :param y: metres.
    :param heading: radians counter-clockwise, from A's x axis to B's.
    """

    x: float
    y: float
    heading: float

    @classmethod
    def from_quaternion(cls, x: float, y: float,
                        quaternion: tuple[float, float, float, float]) -> 'PlanarPose':
        """
        Drop height and tilt: of the rotation the turn about the vertical remains.

        :param quaternion: x, y, z, w, of any length but 0.
        """
        qx, qy, qz, qw = quaternion
        heading = math.atan2(2 * (qw * qz + qx * qy), qw ** 2 + qx ** 2 - qy ** 2 - qz ** 2)
        return cls(x, y, heading)

    def __matmul__(self, other: 'PlanarPose') -> 'PlanarPose':
        """Return C as seen from A, where this is B from A and ``other`` is C from B."""
        cos, sin = math.cos(self.heading), math.sin(self.heading)
        return PlanarPose(self.x + cos * other.x - sin * other.y,
                          self.y + sin * other.x + cos * other.y,
                          math.remainder(self.heading + other.heading, math.tau))

    def inverse(self) -> 'PlanarPose':
        """Return A as seen from B."""
        cos, sin = math.cos(self.heading), math.sin(self.heading)
        return PlanarPose(-cos * self.x - sin * self.y, sin * self.x - cos * self.y,
                          -self.heading)

    def quaternion(self) -> tuple[float, float, float, float]:
        """Return the turn as x, y, z, w, of length 1."""
        return 0.0, 0.0, math.sin(self.heading / 2), math.cos(self.heading / 2)
