# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Weather between the street and the camera: haze, wet ground, rain, falling snow."""

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.conditions import Condition
from structvpr_ros.data.town.picture import Picture, planar

_Image = NDArray[np.float32]


def mirror(image: _Image, picture: Picture, wetness: float) -> _Image:
    """
    Let wet ground mirror what stands on it.

    The mirror image is the picture turned over at the horizon, which is right for what is far
    away; near things are blurred anyway, as the road is rough.
    """
    _, height, width = image.shape
    matrix = picture.camera.matrix
    horizon = matrix[1, 2] + matrix[1, 1] * np.tan(picture.pose.pitch)
    turn = np.array([[1.0, 0, 0], [0, -1, 2 * horizon]])
    turned = np.stack([cv2.blur(
        cv2.warpAffine(plane, turn, (width, height), borderMode=cv2.BORDER_REPLICATE),
        (3, max(3, height // 10))) for plane in image])
    rows = np.arange(height, dtype=np.float32)
    grazing = np.exp(-(rows - horizon).clip(0) / (0.30 * height))
    share = (picture.ground * (wetness * (0.12 + 0.55 * grazing))[:, None]).astype(np.float32)
    return image * (1 - 0.8 * share) + turned * share


def veil(image: _Image, picture: Picture, condition: Condition) -> _Image:
    """Lose light to haze by the distance (Koschmieder's law), and gain the haze's own."""
    kept = cv2.exp(picture.distance() * np.float32(-condition.haze))
    return image * kept + (1 - kept) * planar(condition.haze_colour)


def rain(image: _Image, rng: np.random.Generator, amount: float) -> _Image:
    """Draw streaks in the air and drops on the glass; ``amount`` in 0..1."""
    _, height, width = image.shape
    streaks = np.zeros((height, width), np.uint8)
    slant = rng.normal(0, 0.12)
    for x, y, length in rng.uniform((0, -20, 0.03), (width, height, 0.11),
                                    (int(amount * 130), 3)):
        end = (int(x + slant * length * height), int(y + length * height))
        cv2.line(streaks, (int(x), int(y)), end, int(rng.integers(30, 90)), 1, cv2.LINE_AA)
    image = image + (cv2.blur(streaks, (1, 5)) * np.float32(0.45 / 255))
    for _ in range(rng.poisson(9 * amount)):
        _drop(image, rng)
    return image


def _drop(image: _Image, rng: np.random.Generator) -> None:
    """Put a drop on the lens: it shows the scene upside down, blurred."""
    _, height, width = image.shape
    radius = int(height * rng.uniform(0.015, 0.045)) + 2
    x, y = int(rng.uniform(radius, width - radius)), int(rng.uniform(radius, height - radius))
    roi = image[:, y - radius:y + radius + 1, x - radius:x + radius + 1]
    seen = np.stack([cv2.blur(plane[::-1, ::-1], (5, 5)) for plane in roi]) * np.float32(1.12)
    across = np.arange(-radius, radius + 1, dtype=np.float32)
    inside = 1 - np.hypot(across[:, None], across * np.float32(rng.uniform(1.0, 1.3))) / radius
    share = (inside * 2.5).clip(0, 0.85)
    roi += (seen - roi) * share


def snowfall(image: _Image, rng: np.random.Generator, amount: float) -> _Image:
    """Draw falling flakes, few near and large, many far and small; ``amount`` in 0..1."""
    _, height, width = image.shape
    flakes = np.zeros((height, width), np.uint8)
    for size, count in ((0.010, 12), (0.005, 60), (0.0025, 150)):
        for x, y, grey in rng.uniform((0, 0, 90), (width, height, 230), (int(count * amount), 3)):
            cv2.circle(flakes, (int(x * 8), int(y * 8)), int(max(size * height, 0.6) * 8), grey,
                       -1, cv2.LINE_AA, 3)
    share = cv2.blur(flakes, (3, 3)) * np.float32(0.8 / 255)
    return image + (np.float32(0.92) - image) * share
