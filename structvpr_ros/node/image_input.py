# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where camera images come in: topic, transport and quality of service, and how often."""

from typing import Callable, Union

from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rclpy.subscription import Subscription
from sensor_msgs.msg import CompressedImage, Image

from structvpr_ros.node.interface import COMPRESSED_IMAGE, IMAGE

AnyImage = Union[Image, CompressedImage]


def subscribe(node: Node, callback: Callable[[AnyImage], None]) -> Subscription:
    """
    Subscribe to the images as the node's parameters say.

    The compressed topic is below the resolved one, as image_transport has it, so that one
    remapping of ``image`` serves both.
    """
    topic = node.resolve_topic_name(IMAGE.name)
    quality = QoSProfile(
        depth=node.get_parameter('depth').value,
        reliability=ReliabilityPolicy[node.get_parameter('reliability').value.upper()])
    if node.get_parameter('image_transport').value == 'compressed':
        return COMPRESSED_IMAGE.subscribe(node, callback, f'{topic}/compressed', quality)
    return IMAGE.subscribe(node, callback, topic, quality)


class Pace:
    """Admits images at no more than a rate, and at that rate when more of them come."""

    def __init__(self) -> None:
        """Admit the first image, whenever it comes."""
        self._due = float('-inf')

    def admits(self, now: float, rate: float) -> bool:
        """
        Return whether an image may pass.

        :param now: seconds of a clock that never goes back.
        :param rate: images per second; 0 admits all.
        """
        if rate == 0:
            return True
        if now < self._due:
            return False
        period = 1 / rate
        late = now - self._due
        # Counted from when it was due, else 30 images per second would give 15 at a rate of 20;
        # but what did not come for a while is not made up for.
        self._due = self._due + period if late < period else now + period
        return True
