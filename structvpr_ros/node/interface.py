# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The topics and services of the localize node: their names, types, qualities and meanings.

The node makes them from here, and so does the page docs/reference.md.
"""

from dataclasses import dataclass
from typing import Any, Callable, Optional

from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseWithCovarianceStamped
from nav_msgs.msg import Odometry
from rclpy.lifecycle import LifecycleNode, LifecyclePublisher
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data, QoSProfile, ReliabilityPolicy
from rclpy.service import Service as RosService
from rclpy.subscription import Subscription
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_srvs.srv import Trigger
from vision_msgs.msg import Classification
from visualization_msgs.msg import MarkerArray


@dataclass(frozen=True)
class Topic:
    """
    A topic that the node listens to or speaks on.

    :param name: relative where it does not begin with a slash.
    :param kind: of its messages.
    :param description: what they mean and when they come.
    :param quality: of service; None where parameters decide.
    """

    name: str
    kind: type
    description: str
    quality: Optional[QoSProfile] = None

    def advertise(self, node: LifecycleNode) -> LifecyclePublisher:
        """Return a publisher that speaks while the node is active."""
        return node.create_lifecycle_publisher(self.kind, self.name, self.quality)

    def subscribe(self, node: Node, hear: Callable[[Any], None], name: str = '',
                  quality: Optional[QoSProfile] = None) -> Subscription:
        """Return a subscription; ``name`` and ``quality`` where only the node knows them."""
        return node.create_subscription(
            self.kind, name or self.name, hear, quality or self.quality)


@dataclass(frozen=True)
class Service:
    """
    A service of the node.

    :param name: below the node, with ``~/``.
    :param description: what it does, and what a refusal means.
    """

    name: str
    description: str
    kind: type = Trigger

    def offer(self, node: Node, answer: Callable[[Any, Any], Any]) -> RosService:
        """Return the service, answered by a function of request and response."""
        return node.create_service(self.kind, self.name, answer)


RELIABLE = QoSProfile(depth=10)
NEWEST = QoSProfile(depth=1)
# Best effort fits every publisher, and the way is known from those that arrive.
READINGS = QoSProfile(depth=50, reliability=ReliabilityPolicy.BEST_EFFORT)

IMAGE = Topic(
    'image', Image, 'The camera, with image_transport raw. The newest image is worked on, older '
    'ones that still wait are dropped.')
COMPRESSED_IMAGE = Topic(
    'image/compressed', CompressedImage, 'The camera, with image_transport compressed: JPEG, PNG '
    'or what else OpenCV reads. It is below whatever image is remapped to.')
CAMERA_INFO = Topic(
    'camera_info', CameraInfo, 'Calibration, with camera_info true. It is beside whatever image '
    'is remapped to.', qos_profile_sensor_data)
ODOM = Topic(
    'odom', Odometry, 'Odometry, with sequence_filter true; not needed, but the filter is better '
    'with it.', READINGS)
SUBSCRIBED = (IMAGE, COMPRESSED_IMAGE, CAMERA_INFO, ODOM)

PLACE = Topic(
    'vpr/place', Classification, 'An answer to every image that is worked on, with its header. '
    'results: places, best first, class_id the ID and score the probability, 0 to 1, that the '
    'image was taken there, with rerank or sequence_filter; with neither the similarity, -1 to 1. '
    'Empty when not localized.', RELIABLE)
POSE = Topic(
    'vpr/pose', PoseWithCovarianceStamped, 'Where the robot is in the frame of the map, with the '
    'stamp of the image; only when localized, in a map with positions.', RELIABLE)
MATCH_IMAGE = Topic(
    'vpr/match_image', Image, 'The image beside the best match, with place, score and whether '
    'localized, and with the header of the image; made only while somebody subscribes.', NEWEST)
CANDIDATES = Topic(
    'vpr/candidates', MarkerArray, 'The candidates in the frame of the map, larger and more '
    'colourful by score; made only while somebody subscribes.', NEWEST)
INITIAL_POSE = Topic(
    'initialpose', PoseWithCovarianceStamped, 'The newest pose, once per call of '
    '~/send_initial_pose.', NEWEST)
DIAGNOSTICS = Topic(
    '/diagnostics', DiagnosticArray, 'Once a second, in every state: rates, drops, latencies by '
    'stage, share of localized images, last error, map, thresholds and whence they are, model. '
    'WARN: no images, images that cannot be used, late answers, a map whose server does not '
    'answer. ERROR: the engine fails, or the node cannot be configured.',
    RELIABLE)
PUBLISHED = (PLACE, POSE, MATCH_IMAGE, CANDIDATES, INITIAL_POSE, DIAGNOSTICS)

LOAD_MAP = Service(
    '~/load_map', 'Load the map that the parameter map names, under way. Where it cannot be '
    'loaded, the old one stays and the response says why.')
RELOAD = Service(
    '~/reload', 'Load map and model anew, under way, as ~/load_map does the map.')
CLEAR_FILTER = Service(
    '~/clear_filter', 'Have the sequence filter forget all images so far; refused without one.')
SEND_INITIAL_POSE = Service(
    '~/send_initial_pose', 'Publish the newest pose on initialpose, once; refused where it is '
    'older than a second, not localized, or nobody listens.')
SERVICES = (LOAD_MAP, RELOAD, CLEAR_FILTER, SEND_INITIAL_POSE)
