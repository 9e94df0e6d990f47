# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What is taken from bags, and where it is found there."""

from dataclasses import dataclass
import math
from pathlib import Path
from typing import Optional

from structvpr_ros.data.bags.bag import bag_name
from structvpr_ros.data.bags.keyframes import Keyframes
from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.errors import ConfigurationError


@dataclass(frozen=True)
class BagOptions:
    """
    Bags of ROS 1 or ROS 2, and what to take from them.

    :param paths: .bag, .mcap or .db3 files, or folders of ROS 2 bags.
    :param conditions: a name such as ``night`` for each bag; none at all leaves them unknown.
    :param trajectories: a file of poses for each bag, TUM, KITTI or CSV, instead of those in it.
    :param image_topic: of Image or CompressedImage; not needed where a bag has only one.
    :param pose_topic: of Odometry, PoseStamped, PoseWithCovarianceStamped or NavSatFix, or /tf;
        not needed where a bag has only one.
    :param pose_frame: with /tf: the frame whose poses the map gets; that of the images if not
        given.
    :param origin: with NavSatFix: latitude, longitude (degrees) and altitude (metres) of the
        point that positions count from; the first fix if not given.
    :param max_gap: seconds; an image between two poses farther apart is left out.
    :param distance: metres; an image is taken that far from the one taken before.
    :param angle: radians; an image is taken that is turned so far from the one taken before.
    :param interval: seconds; if not 0, an image is taken that long after the one before, whatever
        distance and angle.
    """

    paths: tuple[Path, ...] = ()
    conditions: tuple[str, ...] = ()
    trajectories: tuple[Path, ...] = ()
    image_topic: Optional[str] = None
    pose_topic: Optional[str] = None
    pose_frame: Optional[str] = None
    origin: Optional[tuple[float, float, float]] = None
    max_gap: float = 2.0
    distance: float = 2.0
    angle: float = math.pi / 12
    interval: float = 0.0

    def __post_init__(self) -> None:
        for name in ('conditions', 'trajectories'):
            given = len(getattr(self, name))
            if given not in (0, len(self.paths)):
                raise ConfigurationError(f'expected as many {name} as bags, {len(self.paths)}, '
                                         f'found {given}')
        if self.trajectories and self.pose_topic:
            raise ConfigurationError('expected trajectories or a pose_topic, found both')
        if not (self.max_gap > 0 and math.isfinite(self.max_gap)):
            raise ConfigurationError(f'expected a max_gap above 0, found {self.max_gap}')
        names = list(map(bag_name, self.paths))
        for name in names:
            if names.count(name) > 1:
                raise ConfigurationError(f'expected bags of different names, found {name} twice')
        # Both check what they are given.
        self.geo_origin()
        self.keyframes()

    def keyframes(self) -> Keyframes:
        """Return which images are taken."""
        return Keyframes(self.distance, self.angle, self.interval)

    def geo_origin(self) -> Optional[GeoPoint]:
        """Return the origin as a point on the Earth."""
        return None if self.origin is None else GeoPoint(*self.origin)
