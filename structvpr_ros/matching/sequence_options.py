# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the sequence filter believes of the robot and of the scores."""

from dataclasses import dataclass
import math

from structvpr_ros.errors import ConfigurationError


@dataclass(frozen=True)
class SequenceOptions:
    """
    The parameters of the sequence filter.

    :param max_speed: metres per second that the robot never exceeds; how far it may have come
        where no odometry says so.
    :param odometry_noise: standard deviation of the odometry, metres per metre travelled.
    :param row_spacing: metres from one place to the next in a map without positions.
    :param kidnapped: probability, at each image, that the robot was carried off to anywhere in
        the map; in proportion less at images that are nearly where the last one was. More
        recovers sooner, and believes single wrong images more.
    :param contrast: how many times as likely the best place of a typical image is as one that
        does not look like the image at all. More trusts the images more, the motion less.
    :param tolerance: metres around a place that count as the same answer.
    :param max_gap: seconds without an image after which nothing is remembered.
    """

    max_speed: float = 2.0
    odometry_noise: float = 0.1
    row_spacing: float = 1.0
    kidnapped: float = 0.01
    contrast: float = 20.0
    tolerance: float = 5.0
    max_gap: float = 10.0

    def __post_init__(self) -> None:
        for name in ('max_speed', 'row_spacing', 'max_gap'):
            self._check(name, 0 < getattr(self, name) < math.inf, 'above 0')
        for name in ('odometry_noise', 'tolerance'):
            self._check(name, 0 <= getattr(self, name) < math.inf, 'of at least 0')
        # Of 0, a robot that was carried off would never be found again.
        self._check('kidnapped', 0 < self.kidnapped < 1, 'between 0 and 1')
        self._check('contrast', 1 < self.contrast < math.inf, 'above 1')

    def _check(self, name: str, holds: bool, expected: str) -> None:
        if not holds:
            raise ConfigurationError(f'expected {name} {expected}, found {getattr(self, name)}')
