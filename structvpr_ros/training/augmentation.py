# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Augmentation: other framing for both branches, other light for RGB images."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Augmentation:
    """
    How far an image may be changed; the defaults are modest, and ours.

    :param crop: largest share of height and of width that is cut away.
    :param gamma: the exponent of the tone curve lies in 1 / gamma .. gamma.
    :param gain: brightness, contrast and each colour's gain lie within 1 +- gain.
    :param blur: largest standard deviation of a Gaussian blur, pixels.
    :param noise: largest standard deviation of Gaussian noise, grey values of 255.
    """

    crop: float = 0.12
    gamma: float = 1.6
    gain: float = 0.25
    blur: float = 1.0
    noise: float = 8.0

    def __call__(self, sample: NDArray[np.uint8],
                 rng: np.random.Generator) -> NDArray[np.uint8]:
        """
        Return a changed copy.

        :param sample: an RGB image (H, W, 3), or a group map (H, W), which keeps its values.
        """
        sample = self._reframe(sample, rng)
        return self._relight(sample, rng) if sample.ndim == 3 else sample

    def _reframe(self, sample: NDArray[np.uint8],
                 rng: np.random.Generator) -> NDArray[np.uint8]:
        height, width = sample.shape[:2]
        rows = height - round(height * rng.uniform(0, self.crop))
        columns = width - round(width * rng.uniform(0, self.crop))
        top, left = rng.integers(height - rows + 1), rng.integers(width - columns + 1)
        method = cv2.INTER_LINEAR if sample.ndim == 3 else cv2.INTER_NEAREST_EXACT
        cut = sample[top:top + rows, left:left + columns]
        return cv2.resize(cut, (width, height), interpolation=method)

    def _relight(self, image: NDArray[np.uint8],
                 rng: np.random.Generator) -> NDArray[np.uint8]:
        curve = (np.arange(256) / 255) ** (self.gamma ** rng.uniform(-1, 1))
        contrast, brightness = rng.uniform(1 - self.gain, 1 + self.gain, 2)
        gains = brightness * rng.uniform(1 - self.gain, 1 + self.gain, 3)
        curves = ((curve[:, None] - 0.5) * contrast + 0.5) * gains
        table = np.clip(255 * curves, 0, 255).astype(np.uint8)
        image = cv2.LUT(image, table[None])
        deviation = rng.uniform(0, self.blur)
        if deviation > 0.3:  # below, the kernel is a single pixel
            image = cv2.GaussianBlur(image, (0, 0), deviation)
        noise = rng.normal(0, rng.uniform(0, self.noise), image.shape)
        return np.clip(image + noise, 0, 255).astype(np.uint8)
