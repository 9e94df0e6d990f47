# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What traffic keeps from the ground: the sun beside it, the sky below it."""

from typing import NamedTuple, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.camera import Camera, Pose
from structvpr_ros.data.town.surface import Mesh

_NEAREST, _FARTHEST = 1.0, 40.0
_SHIFT = 3


class Shade(NamedTuple):
    """Factors (H, W) float32 for the light on the ground, 1 everywhere else."""

    beam: NDArray[np.float32]
    sky: NDArray[np.float32]


def cast(meshes: Sequence[Mesh], sun: NDArray[np.float64], camera: Camera, pose: Pose,
         ground: NDArray[np.bool_]) -> Shade:
    """
    Cast the shade of things that stand on the ground.

    :param meshes: one of each thing.
    :param sun: (3,) unit vector towards the sun.
    :param ground: (H, W), where bare ground is seen.
    """
    beam, sky = (np.full((camera.height, camera.width), 255, np.uint8) for _ in range(2))
    for mesh in meshes:
        if not 0 < mesh.corners[0, 0] - pose.position[0] < _FARTHEST:
            continue
        points = np.concatenate([mesh.corners, mesh.corners + mesh.across, mesh.corners
                                 + mesh.down, mesh.corners + mesh.across + mesh.down])
        _fill(sky, points * [1, 1, 0], 110, camera, pose)
        _fill(beam, points - points[:, 2:] * (sun / sun[2]), 0, camera, pose)
    sky = cv2.blur(sky, (5, 3))
    return Shade(*(np.where(ground, image * np.float32(1 / 255), np.float32(1))
                   for image in (beam, sky)))


def _fill(image: NDArray[np.uint8], points: NDArray[np.float64], value: int, camera: Camera,
          pose: Pose) -> None:
    """Fill the hull of ground points, if all lie before the camera and not too far."""
    seen = (points - pose.position) @ pose.rotation.T @ camera.matrix.T
    if seen[:, 2].min() < _NEAREST or seen[:, 2].max() > _FARTHEST:
        return
    pixels = np.round(seen[:, :2] / seen[:, 2:] * (1 << _SHIFT)).astype(np.int32)
    cv2.fillConvexPoly(image, cv2.convexHull(pixels), value, cv2.LINE_AA, _SHIFT)
