# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the raster painted, shrunk to the camera's size and ready for light and weather."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.camera import Camera, Pose
from structvpr_ros.data.town.labels import GROUND, Label
from structvpr_ros.data.town.raster import FIRST_SURFACE, Raster
from structvpr_ros.data.town.surface import Mesh

OVERSAMPLING = 2
_FARTHEST = 1000.0
_Image = NDArray[np.float32]


@dataclass(frozen=True)
class Picture:
    """
    One view, pixel by pixel, before there is light; float32 (H, W) but where said.

    Colours are planar here and in all that follows: numpy is ten times faster on (3, H, W).

    :param camera: whose pixels these are.
    :param pose: of the camera, in the street's frame.
    :param albedo: (3, H, W) linear RGB in 0..1.
    :param alpha: uint8 (H, W), of the textures; see ``texture``.
    :param labels: uint8 (H, W), the class of each pixel.
    :param sun: share of the sun's light that a surface gets by the way it faces, 0..1.
    :param sky: share of the sky's light, likewise.
    :param depth: metres along the optical axis, ``inf``-like for the sky.
    :param solid: the share of the pixel that is not sky, 0..1.
    :param ground: bool (H, W), where bare ground is seen.
    """

    camera: Camera
    pose: Pose
    albedo: _Image
    alpha: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    sun: _Image
    sky: _Image
    depth: _Image
    solid: _Image
    ground: NDArray[np.bool_]

    def distance(self) -> _Image:
        """Return the distance from the camera, metres, (H, W)."""
        return self.depth * ray_lengths(self.camera)

    def rays(self) -> _Image:
        """Return (3, H, W): the street's x, y, z of the view rays, 1 along the optical axis."""
        columns, rows = _pixel_tangents(self.camera)
        right, down, forward = self.pose.rotation.astype(np.float32)[:, :, None, None]
        return right * columns + down * rows + forward


@lru_cache(maxsize=4)
def ray_lengths(camera: Camera) -> _Image:
    """Return the length (H, W) of the rays of a picture."""
    columns, rows = _pixel_tangents(camera)
    return np.sqrt(1 + columns ** 2 + rows ** 2)


def _pixel_tangents(camera: Camera) -> tuple[_Image, _Image]:
    """Return x (1, W) and y (H, 1) of the view rays in the camera's frame, where z is 1."""
    columns, rows = (np.arange(size, dtype=np.float32) for size in (camera.width, camera.height))
    matrix = camera.matrix.astype(np.float32)
    return (((columns - matrix[0, 2]) / matrix[0, 0])[None],
            ((rows - matrix[1, 2]) / matrix[1, 1])[:, None])


def develop(raster: Raster, mesh: Mesh, facing: NDArray[np.uint8], level: NDArray[np.uint8],
            camera: Camera) -> Picture:
    """
    Shrink a raster to the camera's size.

    :param raster: painted ``OVERSAMPLING`` times as large.
    :param mesh: the surfaces painted, N of them.
    :param facing: (N, 2) the light they get, see ``Light.facing``.
    :param level: (2,) the same for level ground.
    """
    solid = _shrink((raster.seen != Label.SKY) * np.uint8(255), camera) * np.float32(1 / 255)
    # The sky is black so far: what is beside it must not darken by being averaged with it.
    share = np.float32(1 / 255) / solid.clip(1 / 255)
    *colour, alpha = cv2.split(_shrink(raster.colour, camera))
    seen = _sample(raster.seen, 0)
    # Sun and sky side by side, to be looked up at once.
    light = _table(np.broadcast_to(level, (FIRST_SURFACE, 2)), facing).view(np.uint16)[:, 0]
    sun, sky = cv2.split(_shrink(
        light.take(raster.seen).view(np.uint8).reshape(*raster.seen.shape, 2), camera))
    return Picture(
        camera, raster.pose,
        albedo=np.square((np.stack(colour) * share).clip(0, 1)),
        alpha=alpha,
        labels=_table(np.arange(FIRST_SURFACE), mesh.labels).take(seen),
        sun=sun * share, sky=sky * share,
        depth=1 / np.maximum(_sample(raster.inverse_depth, 0), _sample(raster.inverse_depth, 1)
                             ).clip(1 / _FARTHEST),
        solid=solid,
        ground=_table(np.isin(np.arange(FIRST_SURFACE), GROUND),
                      np.zeros_like(mesh.labels)).take(seen).view(bool))


def planar(colour: Sequence[float]) -> _Image:
    """Return a colour as (3, 1, 1), to be multiplied with pictures."""
    return np.array(colour, np.float32)[:, None, None]


def _table(ground: NDArray, surfaces: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return what to look up by ``Raster.seen``."""
    return np.concatenate([ground.astype(np.uint8), surfaces])


def _shrink(image: NDArray[np.uint8], camera: Camera) -> NDArray[np.uint8]:
    return cv2.resize(image, (camera.width, camera.height), interpolation=cv2.INTER_AREA)


def _sample(image: NDArray, corner: int) -> NDArray:
    """Return of each pixel's block the upper left (0) or next lower right (1) one."""
    return image[corner::OVERSAMPLING, corner::OVERSAMPLING]
