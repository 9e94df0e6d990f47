# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A cheap camera: bloom, vignette, an exposure that is a little off, and noise."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from structvpr_ros.data.town.conditions import Condition
from structvpr_ros.data.town.picture import planar
# The normal distribution, cut into 256 equal shares: bytes are quick to draw.
_BELL = ndtri((np.arange(256) + 0.5) / 256).astype(np.float32)


def expose(light: NDArray[np.float32], condition: Condition,
           rng: np.random.Generator) -> NDArray[np.uint8]:
    """
    Turn light (3, H, W), linear RGB, into a photograph, uint8 RGB (H, W, 3).

    The gain and white balance are drawn anew for each photograph.
    """
    gain = condition.exposure * rng.uniform(0.85, 1.15) * rng.uniform(0.95, 1.05, 3)
    if condition.lamps > 0:
        light = light + _bloom(light)
    image = light * (planar(gain) * _vignette(*light.shape[1:]))
    # A shoulder instead of clipping: bright parts run into white, never to other hues.
    image *= (1 + image * np.float32(0.12)) / (1 + image * np.float32(0.35))
    np.sqrt(image, out=image)
    image *= 255
    bytes_ = rng.integers(0, 256, image.shape, np.uint8)
    image += (_BELL * np.float32(255 * condition.noise)).take(bytes_)
    return cv2.merge([cv2.convertScaleAbs(plane.clip(0)) for plane in image])


def _bloom(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the light that the lens spreads around what is too bright."""
    _, height, width = light.shape
    spread = [cv2.GaussianBlur(cv2.resize(plane, (width // 4, height // 4),
                                          interpolation=cv2.INTER_AREA), (0, 0), height / 90)
              for plane in (light - np.float32(0.8)).clip(0, 4)]
    return np.stack([cv2.resize(plane, (width, height)) for plane in spread]) * np.float32(0.5)


@lru_cache(maxsize=4)
def _vignette(height: int, width: int) -> NDArray[np.float32]:
    rows = np.linspace(-0.75, 0.75, height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, width, dtype=np.float32)
    return 1 - np.float32(0.22) * (rows ** 2 + columns ** 2)
