# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Strong augmentation: another viewpoint, weather, hour and camera, for data that have few."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.training.augmentation import Augmentation
from structvpr_ros.training.weather import WEATHERS


@dataclass(frozen=True)
class StrongAugmentation:
    """
    Changes that a place survives, each with a chance of its own; all numbers are ours.

    :param light: what is done to all images: tone, colours, blur and noise.
    :param perspective: largest share of the image's size by which its corners move.
    :param weather: chance of fog, night, snow or other colours.
    :param grey: chance that the colours go.
    :param low_resolution: chance that the image comes from few pixels.
    :param occlusion: chance that something stands before the camera.
    :param compression: chance of the blocks of a strongly compressed JPEG.
    """

    light: Augmentation = field(default_factory=lambda: Augmentation(
        crop=0.0, gamma=2.2, gain=0.3, blur=2.0, noise=12.0))
    perspective: float = 0.4
    weather: float = 0.35
    grey: float = 0.3
    low_resolution: float = 0.3
    occlusion: float = 0.25
    compression: float = 0.4

    def __call__(self, sample: NDArray[np.uint8],
                 rng: np.random.Generator) -> NDArray[np.uint8]:
        """
        Return a changed copy.

        :param sample: an RGB image (H, W, 3), or a group map (H, W), which keeps its values.
        """
        sample = self._move(sample, rng)
        if sample.ndim == 2:
            return sample
        if rng.random() < self.weather:
            sample = WEATHERS[rng.integers(len(WEATHERS))](sample, rng)
        sample = self.light(sample, rng)
        if rng.random() < self.grey:
            sample = cv2.cvtColor(cv2.cvtColor(sample, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        for chance, change in ((self.low_resolution, _coarsen), (self.occlusion, _occlude),
                               (self.compression, _compress)):
            if rng.random() < chance:
                sample = change(sample, rng)
        return sample

    def _move(self, sample: NDArray[np.uint8],
              rng: np.random.Generator) -> NDArray[np.uint8]:
        height, width = sample.shape[:2]
        corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
        strength = rng.uniform(0, self.perspective)
        zoom, angle = 1 - rng.uniform(0, strength), rng.normal(0, 0.05)
        turn = np.float32([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        centre = np.float32([width, height]) / 2
        shift = rng.uniform(-0.65, 0.65, 2) * (1 - zoom)
        wobble = rng.uniform(-0.5, 0.5, (4, 2)) * strength * 0.35
        seen = (zoom * (corners - centre) @ turn.T + centre
                + (shift + wobble) * np.float32([width, height]))
        return cv2.warpPerspective(
            sample, cv2.getPerspectiveTransform(np.float32(seen), corners), (width, height),
            flags=cv2.INTER_LINEAR if sample.ndim == 3 else cv2.INTER_NEAREST,
            borderMode=cv2.BORDER_REFLECT)


def _coarsen(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    factor = min(1.0, rng.uniform(30, 160) / height)
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def _occlude(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    top, left = rng.integers(height), rng.integers(width)
    image = image.copy()
    image[top:top + rng.integers(1, height // 3 + 2),
          left:left + rng.integers(1, width // 3 + 2)] = rng.integers(256, size=3)
    return image


def _compress(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    quality = int(rng.integers(15, 80))
    _, coded = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)
