# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Light of one visit: sun with cast shadows, the sky, street lamps, and what glows by itself.

A point is in the shadow of things that stand on the ground exactly if it lies below a height
that depends on its place alone: the highest, over all places towards the sun, of what stands
there less the rise of the sunbeam on the way. That field of heights is computed once a visit
and answers for every pixel, be it ground, wall or car.
"""

from dataclasses import dataclass
import math

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.conditions import Condition
from structvpr_ros.data.town.grid import Grid
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.picture import Picture, planar
from structvpr_ros.data.town.scene import Scene
from structvpr_ros.data.town.shade import Shade
from structvpr_ros.data.town.texture import LAMP, OPAQUE, SIGNAL

_LAMP_REACH = 30.0
_ROUND = (Label.VEGETATION, Label.PERSON, Label.RIDER, Label.BICYCLE, Label.POLE)
_WINDOW = np.array([1.0, 0.74, 0.40])
_STREET_LAMP = np.array([0.50, 0.37, 0.22])


@dataclass(frozen=True)
class Light:
    """
    The light of one visit to a street.

    :param condition: whose light it is.
    :param sun: (3,) unit vector towards the sun, in the street's frame.
    :param grid: the cells of ``fields``.
    :param fields: float32 (H, W, 2): the height below which there is shadow (metres), and the
        light of the lamps on the ground.
    """

    condition: Condition
    sun: NDArray[np.float64]
    grid: Grid
    fields: NDArray[np.float32]

    def facing(self, normals: NDArray[np.float64],
               labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """
        Return how much sun and sky (N, 2) surfaces get by the way they face, 255 for all.

        :param normals: (N, 3), unit length.
        :param labels: (N,), their classes.
        """
        sun = (normals @ self.sun).clip(0)
        # Trees and people are flat only here; about half of what one sees of them is lit.
        sun = np.where(np.isin(labels, _ROUND), 0.35 + 0.4 * sun, sun)
        # A wall sees half of the sky; one side a little more, so that corners show.
        sky = 0.66 + 0.34 * normals[:, 2] - 0.10 * normals[:, 0] - 0.05 * normals[:, 1]
        return np.round(np.stack([sun, sky.clip(0, 1)], axis=1) * 255).astype(np.uint8)

    def illuminate(self, picture: Picture, rays: NDArray[np.float32],
                   shade: Shade) -> NDArray[np.float32]:
        """
        Return the light (3, H, W) that the pixels of a picture send to the camera.

        :param rays: of the picture.
        :param shade: what traffic keeps from the ground.
        """
        condition = self.condition
        x, y, z = (start + ray * picture.depth
                   for start, ray in zip(picture.pose.position.astype(np.float32), rays))
        # What stands on the ground sees less of the sky where it meets it.
        sky = picture.sky * shade.sky * (1 - 0.30 * cv2.exp(-1.2 * z.clip(0)) * ~picture.ground)
        light = sky * planar(condition.ambient)
        shadow, lamps = cv2.split(cv2.remap(
            self.fields, self.grid.column(x), self.grid.row(y), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE))
        if max(condition.sun) > 0:
            beam = ((z - shadow) * 2 + 0.5).clip(0, 1) * picture.sun * shade.beam
            light += beam * planar(condition.sun)
        if condition.lamps > 0:
            # They shine down: less and less above the height of a lamp.
            lamps *= cv2.exp(-0.18 * (z - 4).clip(0))
            light += lamps * planar(condition.lamps * _STREET_LAMP)
        return picture.albedo * light + self._glow(picture)

    def _glow(self, picture: Picture) -> NDArray[np.float32]:
        """Return what the pixels send of their own; what is dark in daylight glows warmly."""
        glow = self._glow_by_alpha().take(picture.alpha)
        dark = 1 - picture.albedo.max(axis=0)
        return glow * (picture.albedo + 0.6 * dark * dark * planar(_WINDOW))

    def _glow_by_alpha(self) -> NDArray[np.float32]:
        condition, alpha = self.condition, np.arange(256, dtype=np.float32)
        first = OPAQUE + (LAMP - OPAQUE) * (1 - condition.windows)
        windows = ((alpha - first) / 24).clip(0, 1) * (0.28 + 0.4 * condition.lamps)
        lamps = ((alpha - LAMP + 8) / 8).clip(0, 1) * (1.5 * condition.lamps)
        signals = ((alpha - LAMP) / (SIGNAL - LAMP)).clip(0, 1)
        return np.maximum.reduce([windows, lamps, signals])


def shine(scene: Scene, condition: Condition, rng: np.random.Generator) -> Light:
    """Draw where the sun stands in a condition and compute its light in a scene."""
    azimuth = rng.uniform(-math.pi, math.pi) - scene.street.heading
    elevation = math.radians(rng.uniform(*condition.elevation))
    sun = np.array([math.cos(elevation) * math.cos(azimuth),
                    math.cos(elevation) * math.sin(azimuth), math.sin(elevation)])
    shadows = (shadow_heights(scene.heights, scene.grid.density, sun) if max(condition.sun) > 0
               else np.zeros_like(scene.heights))
    return Light(condition, sun, scene.grid, np.dstack([shadows, _lamp_field(scene)]))


def shadow_heights(heights: NDArray[np.float32], density: float,
                   sun: NDArray[np.float64]) -> NDArray[np.float32]:
    """
    Return the height (H, W) below which there is shadow, from what stands on each cell.

    :param heights: (H, W) metres, on the cells of a ``Grid``.
    :param density: cells per metre.
    :param sun: (3,) unit vector towards the sun; it stands above the horizon.
    """
    towards = sun[:2] / math.hypot(sun[0], sun[1]) * [1, -1]
    rise = sun[2] / math.hypot(sun[0], sun[1]) / density
    shadow = np.zeros_like(heights)
    for cells in range(1, int(heights.max() / rise) + 1, 2):
        shift = np.concatenate([np.eye(2), cells * towards[:, None]], axis=1)
        ahead = cv2.warpAffine(heights, shift, heights.shape[::-1],
                               flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        np.maximum(shadow, ahead - np.float32(cells * rise), out=shadow)
    return shadow


def _lamp_field(scene: Scene) -> NDArray[np.float32]:
    x, y = scene.grid.centres()
    light = np.zeros(scene.grid.shape, np.float32)
    for lamp in scene.lamps:
        near = np.abs(x[0] - lamp.x) < _LAMP_REACH
        squared = (x[:, near] - lamp.x) ** 2 + (y - lamp.head_y) ** 2
        # Lambert's law below a point light at the lamp's height.
        light[:, near] += (1 + squared / lamp.height ** 2) ** -1.5
    return light
