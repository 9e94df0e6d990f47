# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Rough fog, night, snow and foreign colours, painted over an image that shows none."""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

_LAMP = np.float32([1.0, 0.9, 0.7])  # warm light, RGB


def fog(image: Image, rng: np.random.Generator) -> Image:
    """Lay a veil of grey over the image, thinner towards its lower edge, which is nearer."""
    density = rng.uniform(0.2, 0.75) * (1 - _depth(image) * rng.uniform(0, 0.8))
    return _image(_values(image) * (1 - density) + rng.uniform(0.6, 0.9) * density)


def night(image: Image, rng: np.random.Generator) -> Image:
    """Darken the image, and put a few lamps in it."""
    values = _values(image) ** np.float32(rng.uniform(1.5, 2.5)) * np.float32(
        rng.uniform(0.25, 0.6))
    values *= _LAMP ** np.float32(rng.uniform(0, 1.5))
    height, width = image.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    for _ in range(rng.integers(1, 4)):
        row, column = rng.uniform(0, height), rng.uniform(0, width)
        reach = rng.uniform(0.04, 0.2) * height
        glow = np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * reach ** 2))
        values += np.float32(rng.uniform(0.2, 0.8)) * glow[..., None] * _LAMP
    return _image(values)


def snow(image: Image, rng: np.random.Generator) -> Image:
    """Whiten what is green and what lies low in the image."""
    values = _values(image)
    bare = values[..., 1:2] - (values[..., 0:1] + values[..., 2:3]) / 2
    green = np.clip(8 * bare + 0.3, 0, 1)
    ground = (_depth(image) > rng.uniform(0.4, 0.7)) * rng.uniform(0, 1)
    cover = np.clip(green + ground, 0, 1) * rng.uniform(0.3, 0.9)
    brightness = values.mean(axis=2, keepdims=True)
    return _image(values * (1 - cover) + (0.75 + 0.25 * brightness) * cover)


def foreign_colours(image: Image, rng: np.random.Generator) -> Image:
    """Turn the hues and change the saturation, as other lamps, leaves or sensors do."""
    colours = cv2.cvtColor(_values(image), cv2.COLOR_RGB2HSV)
    colours[..., 0] = (colours[..., 0] + rng.uniform(-40, 40)) % 360
    colours[..., 1] = np.clip(colours[..., 1] * rng.uniform(0.2, 1.5), 0, 1)
    return _image(cv2.cvtColor(colours, cv2.COLOR_HSV2RGB))


WEATHERS = (fog, night, snow, foreign_colours)


def _depth(image: Image) -> NDArray[np.float32]:
    # From 0 at the upper edge to 1 at the lower.
    return np.linspace(0, 1, len(image), dtype=np.float32)[:, None, None]


def _values(image: Image) -> NDArray[np.float32]:
    return image.astype(np.float32) / 255


def _image(values: NDArray[np.floating]) -> Image:
    return (255 * np.clip(values, 0, 1)).astype(np.uint8)
