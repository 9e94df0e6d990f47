# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The sequence filter of the running node, and the odometry that it goes by."""

from typing import Optional, TYPE_CHECKING

from nav_msgs.msg import Odometry
from rclpy.node import Node

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.odometer import Odometer
from structvpr_ros.matching.sequence_options import SequenceOptions
from structvpr_ros.node.interface import ODOM

if TYPE_CHECKING:
    from structvpr_ros.matching.sequence_filter import SequenceFilter

OPTIONS = ('max_speed', 'kidnapped', 'tolerance', 'row_spacing')
LOG_PERIOD = 5.0  # seconds


class Following:
    """Follows the robot from being made until it is closed; a new one knows nothing."""

    def __init__(self, node: Node) -> None:
        """Subscribe to the odometry; nobody needs to publish any."""
        self._node = node
        self._odometer = Odometer()
        self._filter: 'Optional[SequenceFilter]' = None
        self._made_for: Optional[tuple[Localizer, SequenceOptions]] = None
        self._odometry = ODOM.subscribe(node, self._hear)

    def filter_for(self, localizer: Localizer) -> 'SequenceFilter':
        """Return the filter over a localizer's map; another map or option starts a new one."""
        options = SequenceOptions(
            **{name: self._node.get_parameter(name).value for name in OPTIONS})
        if localizer.place_map.remote:
            raise ConfigurationError('sequence_filter: expected a map in a folder, found '
                                     f'{localizer.place_map.folder}')
        if self._made_for != (localizer, options):
            # Here, as only who follows needs to wait for SciPy to load.
            from structvpr_ros.matching.sequence_filter import SequenceFilter
            self._filter = SequenceFilter(localizer.place_map.frames, options)
            self._made_for = localizer, options
        return self._filter

    def travelled(self, stamp: float) -> Optional[float]:
        """Return the metres travelled by the stamp of an image; None where unknown."""
        return self._odometer.at(stamp)

    def clear(self) -> None:
        """Forget all images so far."""
        if self._filter is not None:
            self._filter.reset()

    def close(self) -> None:
        """Listen no more."""
        self._node.destroy_subscription(self._odometry)

    def _hear(self, message: Odometry) -> None:
        stamp, position = message.header.stamp, message.pose.pose.position
        goes_on = self._odometer.add(stamp.sec + 1e-9 * stamp.nanosec, position.x, position.y,
                                     self._node.get_parameter('max_speed').value)
        if not goes_on:
            self._node.get_logger().warning(
                f'{self._odometry.topic_name} jumped, went back in time or is faster than '
                'max_speed: the way to the next image is taken as unknown',
                throttle_duration_sec=LOG_PERIOD)
