# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From an image and what it was recognized as to a better pose, by the features of the map."""

from typing import Optional

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.engine_choice import EngineKind
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.registry import create_extractor, create_matcher
from structvpr_ros.matching.pose import PoseEstimate
from structvpr_ros.matching.pose_refinement import camera_of_features, refine, Sighting
from structvpr_ros.matching.recognition import Candidate, Recognition
from structvpr_ros.matching.relative_pose import relative_pose
from structvpr_ros.place_map.place_map import PlaceMap

# Frames that are looked at, those most like the image: each takes some 20 ms.
_FRAMES = 3


class PoseRefiner:
    """
    Makes poses better in a map that has local features and was seen by the camera of the robot.

    It holds no state between images; several threads may call it at once.
    """

    def __init__(self, place_map: PlaceMap, engine: EngineKind = 'onnx',
                 threads: int = 0) -> None:
        """
        Load what finds the features of an image.

        :param place_map: has local features.
        :param engine: as ``threads`` of ``create_extractor``.
        :raises ConfigurationError: the map has no local features.
        :raises ModelError: the network of the features cannot be loaded.
        """
        if place_map.features is None:
            raise ConfigurationError(f'{place_map.folder}: expected a map with local features, as '
                                     'build_map --local_features makes it, found none')
        self._features = place_map.features
        kind = place_map.features.record.kind
        self._extractor = create_extractor(kind, engine, threads)
        self._matcher = create_matcher(kind)

    def refine(self, estimate: PoseEstimate, image: NDArray[np.uint8], recognition: Recognition,
               matrix: NDArray[np.float64]) -> PoseEstimate:
        """
        Make the pose of an image better where the images of the map tell; see ``refine``.

        :param estimate: of the recognition.
        :param image: RGB uint8 (H, W, 3), without distortion.
        :param matrix: float64 (3, 3), its intrinsic matrix.
        :raises MapError: the features of the map are corrupt.
        """
        query = self._extractor.extract(image)
        camera = camera_of_features(matrix, image.shape[:2])
        frames = (recognition.support or recognition.candidates)[:_FRAMES]
        sightings = (self._sighting(candidate, query, camera) for candidate in frames)
        return refine(estimate, [sighting for sighting in sightings if sighting is not None])

    def _sighting(self, candidate: Candidate, query: LocalFeatures,
                  camera: NDArray[np.float64]) -> Optional[Sighting]:
        frame = self._features[candidate.frame.row]
        rows, others = self._matcher.match(frame, query)
        pose = relative_pose(frame.points[rows], query.points[others], camera)
        return None if pose is None else Sighting(candidate.frame, pose)
