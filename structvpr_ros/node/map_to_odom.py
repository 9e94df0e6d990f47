# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where the odometry's frame is in the map, broadcast as AMCL does (REP 105)."""

import time
from typing import Any

from builtin_interfaces.msg import Time as Stamp
from geometry_msgs.msg import Transform, TransformStamped
from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.time import Time

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.planar_pose import PlanarPose
from structvpr_ros.matching.pose import PoseEstimate

# Seconds that a transform stays valid: who looks up the present, not the time of the image,
# finds it for so long after the last localization, and nothing later.
VALID = 1.0
# Seconds that the odometry may come later than the image.
PATIENCE = 0.1
# Seconds that stamps go back where a clock was set, not where messages overtake one another.
SET_BACK = 1.0
LOG_PERIOD = 5.0  # seconds


class MapToOdom:
    """
    Broadcasts map -> odom such that the robot is where it was recognized to be.

    The map's poses are those of ``pose_frame``; TF tells where that was in the odometry's frame
    when the image was taken. Height and tilt are left to the odometry.
    """

    def __init__(self, node: Node) -> None:
        """
        Begin to listen to TF.

        :raises ConfigurationError: tf2_ros is not installed.
        """
        try:
            import tf2_ros
        except ImportError as error:
            raise ConfigurationError(
                f'parameter odom_frame: expected tf2_ros to be installed, found {error}: '
                'install ros-DISTRO-tf2-ros-py, or leave odom_frame empty') from error
        self._node = node
        self._odom_frame = node.get_parameter('odom_frame').value
        self._pose_frame = node.get_parameter('pose_frame').value
        self._buffer: Any = tf2_ros.Buffer()
        self._listener = tf2_ros.TransformListener(self._buffer, node)
        self._broadcaster = tf2_ros.TransformBroadcaster(node)
        self._newest = 0.0

    def broadcast(self, estimate: PoseEstimate, map_frame: str, stamp: Stamp) -> None:
        """
        Tell where the robot is; where TF does not know how it got there, warn.

        :param estimate: of ``pose_frame`` in the map.
        :param stamp: of the image.
        """
        taken = Time.from_msg(stamp)
        if not self._is_known(taken):
            self._node.get_logger().warning(
                f'no transform from {self._odom_frame} to {self._pose_frame} at the time of an '
                f'image: {map_frame} to {self._odom_frame} is not broadcast',
                throttle_duration_sec=LOG_PERIOD)
            return
        found = self._buffer.lookup_transform(self._odom_frame, self._pose_frame, taken)
        robot = PlanarPose(estimate.x, estimate.y, estimate.heading)
        message = TransformStamped(
            child_frame_id=self._odom_frame,
            transform=to_transform(robot @ from_transform(found.transform).inverse()))
        message.header.frame_id = map_frame
        message.header.stamp = (taken + Duration(seconds=VALID)).to_msg()
        self._broadcaster.sendTransform(message)

    def close(self) -> None:
        """Listen and speak no more."""
        self._listener.unregister()
        self._node.destroy_publisher(self._broadcaster.pub_tf)

    def _is_known(self, taken: Time) -> bool:
        seconds = taken.nanoseconds * 1e-9
        if seconds < self._newest - SET_BACK:
            # The buffer would take what comes now for old, and refuse it.
            self._buffer.clear()
        self._newest = seconds
        # Not by the buffer's own timeout: that counts by the node's clock, which may stand.
        end = time.monotonic() + PATIENCE
        while not self._buffer.can_transform(self._odom_frame, self._pose_frame, taken):
            if time.monotonic() > end:
                return False
            time.sleep(PATIENCE / 20)
        return True


def from_transform(transform: Transform) -> PlanarPose:
    """Return what of a transform lies in the plane."""
    turn = transform.rotation
    return PlanarPose.from_quaternion(transform.translation.x, transform.translation.y,
                                      (turn.x, turn.y, turn.z, turn.w))


def to_transform(pose: PlanarPose) -> Transform:
    """Return a pose as the transform from its frame to the one that it is seen from."""
    transform = Transform()
    transform.translation.x, transform.translation.y = pose.x, pose.y
    turn = transform.rotation
    turn.x, turn.y, turn.z, turn.w = pose.quaternion()
    return transform
