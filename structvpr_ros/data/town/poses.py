# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where the camera is when it passes a place: near it, never quite there."""

from dataclasses import dataclass

import numpy as np

from structvpr_ros.data.town.camera import Pose
from structvpr_ros.data.town.layout import PLACE_SPACING, Street
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.errors import ConfigurationError

CAMERA_HEIGHT = 1.5


@dataclass(frozen=True)
class Jitter:
    """
    How far a view may be from its place: uniform up to these, either way.

    :param along: metres along the street.
    :param lateral: metres across it.
    :param yaw: radians.
    :param pitch: radians.
    """

    along: float = 0.8
    lateral: float = 0.6
    yaw: float = 0.05
    pitch: float = 0.02

    def __post_init__(self) -> None:
        if not (0 <= self.along <= 2 and 0 <= self.lateral <= 1.2
                and 0 <= self.yaw <= 0.35 and 0 <= self.pitch <= 0.17):
            raise ConfigurationError(
                'expected jitter of at most along 2 m, lateral 1.2 m, yaw 0.35 rad, '
                f'pitch 0.17 rad, and none below 0; found {self}')


def pose_at(street: Street, condition: str, visit: int, place: int, jitter: Jitter) -> Pose:
    """
    Draw the pose, in the street's frame, from which a visit sees a place.

    The camera drives in the right lane and looks along the street.
    """
    rng = stream(street.seed, 'pose', street.name, condition, visit, place)
    along, lateral, yaw, pitch = rng.uniform(-1, 1, 4).tolist()
    x = place * PLACE_SPACING + along * jitter.along
    y = float(street.centre(x)) - street.lane / 2 + lateral * jitter.lateral
    return Pose(np.array([x, y, CAMERA_HEIGHT]), street.direction(x) + yaw * jitter.yaw,
                pitch * jitter.pitch)
