# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which of a camera's images are worth a place in a map."""

from dataclasses import dataclass
import math
from typing import Optional

from structvpr_ros.data.bags.pose import Pose
from structvpr_ros.errors import ConfigurationError


@dataclass(frozen=True)
class Keyframes:
    """
    How far apart images must be to be taken.

    :param distance: metres from the last image taken; enough by themselves.
    :param angle: radians that the heading turned since; enough by themselves.
    :param interval: seconds since; if not 0, time alone decides.
    """

    distance: float = 2.0
    angle: float = math.pi / 12
    interval: float = 0.0

    def __post_init__(self) -> None:
        for name in ('distance', 'angle', 'interval'):
            value = getattr(self, name)
            if not (value >= 0 and math.isfinite(value)):
                raise ConfigurationError(
                    f'expected {name} of keyframes of at least 0, found {value}')

    def wants(self, last: Optional[tuple[int, Pose]], stamp: int, pose: Pose) -> bool:
        """
        Tell whether to take an image.

        :param last: time in nanoseconds and pose of the last one taken; None before the first.
        """
        if last is None:
            return True
        then, before = last
        if self.interval:
            return stamp - then >= round(self.interval * 1e9)
        # Where a heading is unknown, the difference is NaN, which is no angle.
        turned = abs(math.remainder(pose.heading - before.heading, math.tau))
        return math.hypot(pose.x - before.x, pose.y - before.y) >= self.distance \
            or turned >= self.angle
