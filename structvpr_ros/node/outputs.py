# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the localize node publishes about an image."""

from rclpy.lifecycle import LifecycleNode
from rclpy.qos import QoSProfile
from std_msgs.msg import Header
from vision_msgs.msg import Classification

from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.recognition import Recognition
from structvpr_ros.node.messages import to_classification

RELIABLE = QoSProfile(depth=10)


class Outputs:
    """The publishers of the answers, from configure to cleanup."""

    def __init__(self, node: LifecycleNode) -> None:
        """Advertise them; they speak while the node is active."""
        self._node = node
        self._places = node.create_lifecycle_publisher(Classification, 'vpr/place', RELIABLE)

    def publish(self, localizer: Localizer, recognition: Recognition, header: Header) -> None:
        """
        Publish what there is to say about an image.

        :param localizer: that recognized it.
        :param header: of the image.
        """
        self._places.publish(to_classification(recognition, header))

    def close(self) -> None:
        """Take the topics off the air."""
        self._node.destroy_lifecycle_publisher(self._places)
