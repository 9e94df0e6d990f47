# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The sky: brighter at the horizon and around the sun, with clouds on a plane overhead."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.conditions import Condition
from structvpr_ros.data.town.picture import Picture, planar, ray_lengths
from structvpr_ros.data.town.texture import noise

_TILE = 512
_TEXELS_PER_HEIGHT = 70.0


@dataclass(frozen=True)
class Sky:
    """
    The sky of one visit.

    :param clouds: float32 (H, W), their opacity, 0..1, on a plane overhead.
    :param drift: where in ``clouds`` the zenith is.
    """

    condition: Condition
    sun: NDArray[np.float64]
    clouds: NDArray[np.float32]
    drift: NDArray[np.float64]

    def behind(self, image: NDArray[np.float32], picture: Picture,
               rays: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the light (3, H, W) of a picture and, where it is not solid, of the sky."""
        rows = np.flatnonzero((picture.solid < 1).any(axis=1))
        image = image * picture.solid
        if len(rows):
            above = np.s_[:rows[-1] + 1]
            image[:, above] += self._along(rays[:, above], picture) * (1 - picture.solid[above])
        return image

    def _along(self, rays: NDArray[np.float32], picture: Picture) -> NDArray[np.float32]:
        condition = self.condition
        length = ray_lengths(picture.camera)[:rays.shape[1]]
        up = (rays[2] / length).clip(0)
        low = (1 - up) * (1 - up) * (1 - up)
        sky = planar(condition.horizon) * low + planar(condition.zenith) * (1 - low)
        cover = self._clouds(picture, len(up)) * (up * 6).clip(0, 1)
        sky += (planar(condition.cloud) - sky) * cover
        if max(condition.sun) > 0:
            away = (rays * planar(self.sun)).sum(0) / length - 1
            halo = 0.25 * cv2.exp(12 * away) + 3 * cv2.exp(1500 * away.clip(-0.05))
            sky += halo * planar(condition.sun)
        return sky

    def _clouds(self, picture: Picture, rows: int) -> NDArray[np.float32]:
        to_ray = picture.pose.rotation.T @ np.linalg.inv(picture.camera.matrix)
        scale = np.array([[_TEXELS_PER_HEIGHT, 0, self.drift[0]],
                          [0, _TEXELS_PER_HEIGHT, self.drift[1]], [0, 0, 1]])
        return cv2.warpPerspective(self.clouds, scale @ to_ray,
                                   (picture.camera.width, rows),
                                   flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                                   borderMode=cv2.BORDER_WRAP)


def draw_sky(condition: Condition, sun: NDArray[np.float64], rng: np.random.Generator) -> Sky:
    """Draw the clouds of one visit."""
    billows = noise(rng, _TILE, _TILE, 110, 6)
    clouds = 0.9 * ((billows + 1.5 * condition.cloudiness - 0.85) * 1.8).clip(0, 1)
    # With its mirror images it goes on without a seam, however often it is repeated.
    clouds = np.block([[clouds, clouds[:, ::-1]], [clouds[::-1], clouds[::-1, ::-1]]])
    return Sky(condition, sun, clouds, rng.uniform(-_TILE, _TILE, 2))
