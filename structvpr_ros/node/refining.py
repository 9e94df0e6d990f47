# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Poses made better by the calibrated camera and the local features of the map, if wanted."""

from typing import Optional, TYPE_CHECKING

from rclpy.node import Node

from structvpr_ros.errors import StructVPRError
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.pose import bounded, PoseEstimate, PoseOptions
from structvpr_ros.matching.recognition import Recognition
from structvpr_ros.node.sight import Seen
from structvpr_ros.place_map.place_map import PlaceMap

if TYPE_CHECKING:
    from structvpr_ros.matching.pose_refiner import PoseRefiner


class Refining:
    """Does what the node's parameter ``refine_pose`` says, for whatever map there is."""

    def __init__(self, node: Node) -> None:
        """Load nothing yet."""
        self._node = node
        self._refiner: 'Optional[PoseRefiner]' = None
        self._made_for: Optional[PlaceMap] = None

    def refine(self, estimate: PoseEstimate, localizer: Localizer, recognition: Recognition,
               seen: Seen, options: PoseOptions) -> PoseEstimate:
        """
        Return a better estimate, within the bounds of the options; the same one where none is.

        :raises MapError: the features of the map are corrupt.
        """
        # Without a matrix, camera_info is to be heard of only from the next activate on.
        if not self._node.get_parameter('refine_pose').value or seen.matrix is None:
            return estimate
        refiner = self._refiner_of(localizer.answering)
        if refiner is None:
            return estimate
        return bounded(refiner.refine(estimate, seen.image, recognition, seen.matrix), options)

    def _refiner_of(self, place_map: PlaceMap) -> 'Optional[PoseRefiner]':
        # Not at the start of the file: who refines nothing is not to wait for SciPy.
        from structvpr_ros.matching.pose_refiner import PoseRefiner
        if self._made_for is not place_map:
            self._made_for, self._refiner = place_map, None
            try:
                self._refiner = PoseRefiner(place_map, *(
                    self._node.get_parameter(name).value for name in ('engine', 'threads')))
                self._node.get_logger().info(f'poses are refined in {place_map.folder}')
            except StructVPRError as error:
                self._node.get_logger().warning(f'poses are not refined: {error}')
        return self._refiner
