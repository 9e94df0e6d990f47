# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Bare walls of brick, plaster, stone, concrete or boards."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.styles import Style
from structvpr_ros.data.town.texture import canvas, noise, tint

TEXELS_PER_METRE = 24


def paint_wall(rng: np.random.Generator, style: Style, width: float,
               height: float) -> NDArray[np.uint8]:
    """Paint a bare wall of a style, RGBA, ``TEXELS_PER_METRE``; width and height in metres."""
    image = canvas(round(height * TEXELS_PER_METRE), round(width * TEXELS_PER_METRE), style.wall)
    rows, columns = image.shape[:2]
    relief = 1 + 0.06 * noise(rng, rows, columns, 40, 2)
    relief += _PATTERNS[style.material](rng, rows, columns)
    # Rain and dust: darker towards the ground and below the eaves.
    above = np.linspace(height, 0, rows, dtype=np.float32)[:, None]
    relief *= 1 - 0.22 * np.exp(-above / 0.7) - 0.12 * np.exp((above - height) / 0.4)
    tint(image, relief)
    return image


def _brick(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    pattern = _blocks(rng, rows, columns, (2, 6), 0.09)
    pattern[1::2] -= 0.05
    return pattern


def _stone(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    pattern = _blocks(rng, rows, columns, (9, 16), 0.07)
    pattern[::9] -= 0.18
    return pattern


def _blocks(rng: np.random.Generator, rows: int, columns: int, block: tuple[int, int],
            spread: float) -> NDArray[np.float32]:
    """Return courses of blocks (height and width in texels), every other one shifted by half."""
    height, width = block
    values = rng.normal(0, spread, (rows // height + 1, columns // width + 2))
    pattern = np.repeat(np.repeat(values.astype(np.float32), height, 0), width, 1)
    for course in range(height, rows, 2 * height):
        part = pattern[course:course + height]
        part[:] = np.roll(part, width // 2, axis=1)
    return pattern[:rows, :columns]


def _plaster(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    stains = noise(rng, rows, columns, 60, 3) > 0.55
    return 0.03 * noise(rng, rows, columns, 3) - 0.10 * stains


def _concrete(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    pattern = 0.04 * noise(rng, rows, columns, 5, 2)
    pattern[::70] -= 0.3
    pattern[:, ::76] -= 0.3
    return pattern


def _boards(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    boards = np.repeat(rng.normal(0, 0.05, rows // 5 + 1).astype(np.float32), 5)[:rows]
    boards[::5] -= 0.28
    return np.repeat(boards[:, None], columns, 1)


_PATTERNS = {'brick': _brick, 'plaster': _plaster, 'stone': _stone, 'concrete': _concrete,
             'boards': _boards}
