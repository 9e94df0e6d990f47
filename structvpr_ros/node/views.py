# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the localize node publishes for people to look at, made only while somebody does."""

from dataclasses import dataclass
import traceback
from typing import Optional

import numpy as np
from numpy.typing import NDArray
from rclpy.lifecycle import LifecycleNode
from sensor_msgs.msg import Image
from std_msgs.msg import Header
from visualization_msgs.msg import MarkerArray

from structvpr_ros.errors import MapError
from structvpr_ros.matching.match_picture import draw_match
from structvpr_ros.matching.recognition import Recognition
from structvpr_ros.node.interface import CANDIDATES, MATCH_IMAGE
from structvpr_ros.node.markers import LARGEST, marker_size, to_markers
from structvpr_ros.node.messages import to_image
from structvpr_ros.node.newest import NewestWorker
from structvpr_ros.place_map.place_map import PlaceMap

LOG_PERIOD = 5.0  # seconds


@dataclass(frozen=True, eq=False)
class Sighting:
    """
    An answer, and what it is about.

    :param image: RGB uint8 (H, W, 3), as the network saw it but for its size.
    :param header: of the image.
    """

    place_map: PlaceMap
    recognition: Recognition
    image: NDArray[np.uint8]
    header: Header


class Views:
    """
    The match beside the image, and the candidates in the map, from configure to cleanup.

    They are made in a thread of their own, so that no answer waits for them; where they take
    longer than answers, only the newest answer is shown.
    """

    def __init__(self, node: LifecycleNode) -> None:
        """Advertise the topics."""
        self._node = node
        self._pictures, self._candidates = MATCH_IMAGE.advertise(node), CANDIDATES.advertise(node)
        self._sized_for: Optional[tuple[PlaceMap, float]] = None
        self._worker: NewestWorker[Sighting] = NewestWorker(self._show)

    def offer(self, sighting: Sighting) -> None:
        """Show an answer if anybody looks; returns at once."""
        if self._pictures.get_subscription_count() or self._candidates.get_subscription_count():
            self._worker.offer(sighting)

    def close(self) -> None:
        """Take the topics off the air."""
        self._worker.stop()
        for publisher in (self._pictures, self._candidates):
            self._node.destroy_lifecycle_publisher(publisher)

    def _show(self, sighting: Sighting) -> None:
        # Runs in the worker's thread, which must outlive whatever a map or an image does to it.
        try:
            if self._pictures.get_subscription_count():
                self._pictures.publish(self._picture(sighting))
            if self._candidates.get_subscription_count():
                self._candidates.publish(self._markers(sighting))
        except Exception:
            self._node.get_logger().error(f'nothing to look at: {traceback.format_exc()}',
                                          throttle_duration_sec=LOG_PERIOD)

    def _picture(self, sighting: Sighting) -> Image:
        return to_image(
            draw_match(sighting.image, self._match(sighting), sighting.recognition),
            sighting.header)

    def _match(self, sighting: Sighting) -> Optional[NDArray[np.uint8]]:
        thumbnails = sighting.place_map.thumbnails
        if thumbnails is None:
            return None
        try:
            return thumbnails.read(sighting.recognition.candidates[0].frame.row)
        except MapError as error:
            self._node.get_logger().warning(f'no picture of the match: {error}',
                                            throttle_duration_sec=LOG_PERIOD)
            return None

    def _markers(self, sighting: Sighting) -> MarkerArray:
        place_map = sighting.place_map
        if self._sized_for is None or self._sized_for[0] is not place_map:
            # A map too large to look at all of it is large enough for the largest.
            self._sized_for = place_map, marker_size(
                place_map.frames) if place_map.has_all_frames else LARGEST
        return to_markers(sighting.recognition, place_map.meta.frame_id, sighting.header.stamp,
                          self._sized_for[1])
