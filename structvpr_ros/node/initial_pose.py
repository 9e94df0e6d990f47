# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The pose that starts another localization, AMCL's say: on request, once, and never stale."""

import time
from typing import Optional

from geometry_msgs.msg import PoseWithCovarianceStamped
from rclpy.lifecycle import LifecycleNode

from structvpr_ros.errors import StructVPRError
from structvpr_ros.node.interface import INITIAL_POSE

# Seconds since the image arrived. The stamp of the image goes with the pose, so that AMCL can
# add the way since then.
MAX_AGE = 1.0


class NoFreshPose(StructVPRError):
    """There is no pose that may be sent now."""


class InitialPose:
    """Keeps the pose of the newest answer, and publishes it on ``initialpose`` on request."""

    def __init__(self, node: LifecycleNode) -> None:
        """Advertise ``initialpose``."""
        self._node = node
        self._publisher = INITIAL_POSE.advertise(node)
        # Assigned as one by the thread that answers images, read as one by that of services.
        self._newest: Optional[tuple[Optional[PoseWithCovarianceStamped], float]] = None

    def keep(self, pose: Optional[PoseWithCovarianceStamped], arrived: float) -> None:
        """
        Take the newest answer in place of the last one.

        :param pose: None where the answer has none.
        :param arrived: when its image came, on the monotonic clock.
        """
        self._newest = pose, arrived

    def send(self) -> str:
        """
        Publish the newest pose; return what was sent.

        :raises NoFreshPose: the newest answer has no pose or is older than ``MAX_AGE``, or
            nobody would hear it.
        """
        if self._newest is None:
            raise NoFreshPose('expected a localized image, none has been answered yet')
        pose, arrived = self._newest
        age = time.monotonic() - arrived
        if pose is None:
            raise NoFreshPose(f'expected the newest image, {age:.1f} s ago, to be localized in a '
                              'map with positions')
        if age > MAX_AGE:
            raise NoFreshPose(f'expected an image in the last {MAX_AGE:g} s, the newest came '
                              f'{age:.1f} s ago')
        if not self._publisher.get_subscription_count():
            raise NoFreshPose(f'nobody listens to {self._publisher.topic_name}')
        self._publisher.publish(pose)
        at = pose.pose.pose.position
        return (f'x {at.x:.2f}, y {at.y:.2f} in {pose.header.frame_id}, from {age:.2f} s ago, '
                f'sent to {self._publisher.topic_name}')

    def close(self) -> None:
        """Take the topic off the air."""
        self._node.destroy_lifecycle_publisher(self._publisher)
