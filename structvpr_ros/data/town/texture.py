# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Textures: RGBA arrays with what a painter needs to fill them.

The fourth channel says two things: below half of ``OPAQUE`` a texel is a hole; above
``OPAQUE`` it can glow, and its excess is the rank by which it lights up, those with
``SIGNAL`` always, ``LAMP`` whenever lamps burn, windows by and by as it gets darker.
"""

from typing import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Texture = tuple[NDArray[np.uint8], ...]
Colour = Sequence[float]

HOLE = 0
OPAQUE = 128
LAMP = 246
SIGNAL = 255
SNOW = (236, 240, 247)
_SMALLEST_LEVEL = 4


def canvas(height: int, width: int, colour: Colour, alpha: int = OPAQUE) -> NDArray[np.uint8]:
    """Return an RGBA array (height, width, 4) of one colour."""
    texel = np.array([*(int(channel) for channel in colour[:3]), alpha], np.uint8)
    # As whole words, four times faster than byte by byte.
    words = np.full((max(height, 1), max(width, 1)), texel.view(np.uint32)[0])
    return words.view(np.uint8).reshape(*words.shape, 4)


def mipmaps(image: NDArray[np.uint8]) -> Texture:
    """Return the image and its halves, quarters, ...: what far surfaces are painted from."""
    levels = [image]
    while min(levels[-1].shape[:2]) >= 2 * _SMALLEST_LEVEL:
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2),
                                 interpolation=cv2.INTER_AREA))
    return tuple(levels)


def solid(colour: Colour, alpha: int = OPAQUE) -> Texture:
    """Return the texture of a surface of one colour."""
    # Of more than one texel, since the corners of the outermost ones are rounded off.
    return (canvas(32, 16, colour, alpha),)


def noise(rng: np.random.Generator, height: int, width: int, cell: float,
          octaves: int = 1) -> NDArray[np.float32]:
    """
    Return smooth values of shape (height, width), about uniform in -1..1.

    :param cell: pixels between the random values of the first octave; each further octave
        halves it and adds half as strongly.
    """
    # Summed at the pace of the finest octave, then enlarged once.
    finest = max(cell / 2 ** (octaves - 1), 1.0)
    rows, columns = (max(2, int(size / finest) + 2) for size in (height, width))
    total = np.zeros((rows, columns), np.float32)
    for octave in range(octaves):
        pace = 2 ** (octaves - 1 - octave)
        grid = rng.uniform(-1, 1, (rows // pace + 2, columns // pace + 2)).astype(np.float32)
        grid = cv2.resize(grid, None, fx=pace, fy=pace, interpolation=cv2.INTER_LINEAR)
        total += grid[:rows, :columns] / 2 ** octave
    return cv2.resize(total, (width, height), interpolation=cv2.INTER_LINEAR)


def tint(image: NDArray[np.uint8], change: NDArray[np.floating]) -> None:
    """Multiply the colours of an RGBA image by ``change`` (H, W), 0 to 2, in place."""
    factor = cv2.convertScaleAbs(change.clip(0), alpha=128)
    factors = cv2.merge([factor, factor, factor, np.full_like(factor, 128)])
    image[:] = cv2.multiply(image, factors, scale=1 / 128)


def box(image: NDArray[np.uint8], left: float, top: float, right: float, bottom: float,
        colour: Colour, alpha: int = OPAQUE) -> None:
    """Fill an axis-parallel box given in pixels; what lies outside the image is cut off."""
    start, end = (max(round(left), 0), max(round(top), 0)), (round(right) - 1, round(bottom) - 1)
    if start[0] <= end[0] and start[1] <= end[1]:
        cv2.rectangle(image, start, end, (*(int(channel) for channel in colour[:3]), alpha), -1)


def vary(rng: np.random.Generator, colour: Colour, amount: float = 10.0) -> tuple[float, ...]:
    """Return a colour near the given one: a little lighter or darker, a little off in hue."""
    lightness, *hue = (rng.standard_normal(4) * (amount, *[amount / 3] * 3)).tolist()
    return tuple(min(max(channel + lightness + change, 0.0), 255.0)
                 for channel, change in zip(colour, hue))


def shade(colour: Colour, factor: float) -> tuple[float, ...]:
    """Return a colour made lighter or darker by a factor."""
    return tuple(min(max(float(channel) * factor, 0.0), 255.0) for channel in colour[:3])
