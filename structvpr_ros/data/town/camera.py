# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The camera: a pinhole that looks level along the street, turned a little by the jitter."""

from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError


@dataclass(frozen=True)
class Camera:
    """
    A pinhole camera with square pixels and a central principal point.

    :param width: pixels.
    :param height: pixels.
    :param field_of_view: radians, horizontal.
    """

    width: int = 320
    height: int = 240
    field_of_view: float = math.radians(75)

    def __post_init__(self) -> None:
        if self.width < 16 or self.height < 16:
            raise ConfigurationError('expected an image of at least 16 x 16 pixels, '
                                     f'found {self.width} x {self.height}')
        if not 0 < self.field_of_view < math.pi:
            raise ConfigurationError('expected a field of view in (0, pi) radians, '
                                     f'found {self.field_of_view}')

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Return K (3, 3); pixel centres lie at whole numbers."""
        focal = self.width / 2 / math.tan(self.field_of_view / 2)
        return np.array([[focal, 0, self.width / 2 - 0.5],
                         [0, focal, self.height / 2 - 0.5],
                         [0, 0, 1]])

    def enlarged(self, factor: int) -> 'Camera':
        """Return the same view in more pixels."""
        return Camera(self.width * factor, self.height * factor, self.field_of_view)


@dataclass(frozen=True)
class Pose:
    """
    Where the camera is in the frame of its street, and where it looks.

    :param position: (3,) metres; x along the street, y to the left, z up.
    :param heading: radians counter-clockwise from x.
    :param pitch: radians, positive looks up.
    """

    position: NDArray[np.float64]
    heading: float
    pitch: float = 0.0

    @property
    def rotation(self) -> NDArray[np.float64]:
        """Return (3, 3): its rows are the camera's right, down and forward."""
        cos, sin = math.cos(self.heading), math.sin(self.heading)
        rise, level = math.sin(self.pitch), math.cos(self.pitch)
        return np.array([[sin, -cos, 0.0],
                         [rise * cos, rise * sin, -level],
                         [level * cos, level * sin, rise]])
