# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Poses from messages that say where something is: odometry, poses, satellite navigation."""

from array import array
import math
from typing import Any, Optional

import numpy as np

from structvpr_ros.data.bags.bag import Bag, stamp_of, Topic
from structvpr_ros.data.bags.heading import headings
from structvpr_ros.data.bags.pose_numbers import matrices
from structvpr_ros.data.bags.trajectory import Trajectory
from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.errors import ConfigurationError, DatasetError


def read_pose_messages(bag: Bag, topic: Topic, max_gap: float) -> Trajectory:
    """
    Read a topic of Odometry, PoseStamped or PoseWithCovarianceStamped.

    :param max_gap: seconds, as of ``Trajectory``.
    :raises DatasetError: the bag is corrupt, or has no finite pose there.
    """
    stamps, numbers = array('q'), array('d')
    for _, recorded, message in bag.messages([topic], title=f'poses of {topic.name}'):
        pose = message.pose if hasattr(message.pose, 'position') else message.pose.pose
        stamps.append(stamp_of(message, recorded))
        place, turn = pose.position, pose.orientation
        numbers.extend((place.x, place.y, turn.x, turn.y, turn.z, turn.w))
    rows = np.array(numbers).reshape(-1, 6)
    return Trajectory(f'{bag.path}: {topic}', np.array(stamps, np.int64), rows[:, :2],
                      headings(matrices(rows[:, 2:])), max_gap)


def read_fixes(bag: Bag, topic: Topic, max_gap: float,
               origin: Optional[GeoPoint]) -> tuple[Trajectory, GeoPoint]:
    """
    Read a topic of NavSatFix as metres east and north; it tells no headings.

    :param origin: what the metres count from; None: the first fix.
    :return: the positions and their origin.
    :raises DatasetError: the bag is corrupt, or has no fix there.
    """
    stamps, numbers = array('q'), array('d')
    for _, recorded, message in bag.messages([topic], title=f'fixes of {topic.name}'):
        point = _point(message)
        if point is None:
            continue
        origin = origin or point
        stamps.append(stamp_of(message, recorded))
        numbers.extend(origin.east_north(point))
    if origin is None:
        raise DatasetError(f'{bag.path}: {topic}: expected fixes, found none that is valid')
    positions = np.array(numbers).reshape(-1, 2)
    return Trajectory(f'{bag.path}: {topic}', np.array(stamps, np.int64), positions,
                      np.full(len(positions), math.nan), max_gap), origin


def _point(message: Any) -> Optional[GeoPoint]:
    # A receiver without a fix says so by a negative status, or by NaN; without a height, by NaN.
    if message.status.status < 0:
        return None
    altitude = message.altitude if math.isfinite(message.altitude) else 0.0
    try:
        return GeoPoint(message.latitude, message.longitude, altitude)
    except ConfigurationError:
        return None
