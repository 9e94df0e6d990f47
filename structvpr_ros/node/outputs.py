# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the localize node publishes about an image."""

from typing import Optional

from rclpy.lifecycle import LifecycleNode
from std_msgs.msg import Header

from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.pose import PoseEstimate, PoseEstimator, PoseOptions
from structvpr_ros.matching.recognition import Recognition
from structvpr_ros.node.initial_pose import InitialPose
from structvpr_ros.node.interface import PLACE, POSE
from structvpr_ros.node.map_to_odom import LOG_PERIOD, MapToOdom
from structvpr_ros.node.messages import to_classification, to_pose
from structvpr_ros.node.parameters import POSE_OPTIONS
from structvpr_ros.node.refining import Refining
from structvpr_ros.node.sight import Seen
from structvpr_ros.node.views import Views


class Outputs:
    """
    The publishers of the answers, from configure to cleanup.

    :ivar initial_pose: what the newest answer offers to other localizations.
    :ivar views: what there is for people to look at.
    """

    def __init__(self, node: LifecycleNode) -> None:
        """
        Advertise them; they speak while the node is active.

        :raises ConfigurationError: map -> odom is wanted and tf2_ros is not installed.
        """
        self._node = node
        self._map_to_odom = MapToOdom(node) if node.get_parameter('odom_frame').value else None
        self._places, self._poses = PLACE.advertise(node), POSE.advertise(node)
        self.initial_pose = InitialPose(node)
        self.views = Views(node)
        self._refining = Refining(node)
        self._estimator: Optional[PoseEstimator] = None
        self._made_for: Optional[tuple[Localizer, PoseOptions]] = None

    def publish(self, localizer: Localizer, recognition: Recognition, seen: Seen, header: Header,
                arrived: float) -> None:
        """
        Publish what there is to say about an image.

        :param localizer: that recognized it.
        :param seen: the image.
        :param header: of the image.
        :param arrived: when the image came, on the monotonic clock.
        """
        self._places.publish(to_classification(recognition, header))
        estimate = self._estimate(localizer, recognition)
        if estimate is None:
            self.initial_pose.keep(None, arrived)
            return
        estimate = self._refining.refine(estimate, localizer, recognition, seen,
                                         self._made_for[1])
        map_frame = localizer.place_map.meta.frame_id
        pose = to_pose(estimate, map_frame, header.stamp)
        self._poses.publish(pose)
        self.initial_pose.keep(pose, arrived)
        if self._map_to_odom is not None:
            self._broadcast(estimate, map_frame, header)

    def close(self) -> None:
        """Take the topics off the air."""
        for publisher in (self._places, self._poses):
            self._node.destroy_lifecycle_publisher(publisher)
        self.initial_pose.close()
        self.views.close()
        if self._map_to_odom is not None:
            self._map_to_odom.close()

    def _broadcast(self, estimate: PoseEstimate, map_frame: str, header: Header) -> None:
        # At its ceiling the heading says nothing: the map may have none.
        if estimate.covariance[2, 2] < self._made_for[1].max_heading_std ** 2:
            self._map_to_odom.broadcast(estimate, map_frame, header.stamp)
            return
        self._node.get_logger().warning(
            'the heading is not known: the transform from the map is not broadcast',
            throttle_duration_sec=LOG_PERIOD)

    def _estimate(self, localizer: Localizer, recognition: Recognition) -> Optional[PoseEstimate]:
        options = PoseOptions(
            **{name: self._node.get_parameter(name).value for name in POSE_OPTIONS})
        if not localizer.place_map.has_all_frames:
            self._made_for = localizer, options
            return PoseEstimator([candidate.frame for candidate in
                                  recognition.support or recognition.candidates],
                                 options).estimate(recognition)
        if self._made_for != (localizer, options):
            self._estimator = PoseEstimator(localizer.place_map.frames, options)
            self._made_for = localizer, options
        return self._estimator.estimate(recognition)
