# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How fronts look: walls of brick, plaster or boards, rows of windows, doors and shops."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.openings import paint_ground_floor, paint_window
from structvpr_ros.data.town.styles import FacadeStyle
from structvpr_ros.data.town.texture import box, canvas, Colour, noise, shade, tint

TEXELS_PER_METRE = 24


def paint_front(rng: np.random.Generator, style: FacadeStyle, width: float, floors: int,
                ground_floor: str, snowy: bool) -> NDArray[np.uint8]:
    """
    Paint the front wall of a building, without its roof.

    :param width: metres.
    :param ground_floor: as of ``Building``.
    :param snowy: whether snow lies on what sticks out.
    :return: RGBA, ``TEXELS_PER_METRE``.
    """
    scale = TEXELS_PER_METRE
    storey = style.floor_height * scale
    image = paint_wall(rng, style, width, floors * style.floor_height + 0.5)
    count = max(1, int((width - 0.5) / style.bay))
    # Where the windows are is drawn once for all floors: they stand in columns.
    centres = (np.arange(count) + 0.5) * image.shape[1] / count
    for floor in range(1, floors):
        top = image.shape[0] - (floor + 1) * storey + 0.45 * scale
        for centre in centres:
            paint_window(rng, image, centre, top, style.window, style.trim, style.bars,
                         style.shutters, style.balconies, snowy, scale)
    if style.material in ('plaster', 'stone') and floors > 1:
        band = image.shape[0] - storey
        box(image, 0, band - 4, image.shape[1], band, style.trim)
        box(image, 0, band, image.shape[1], band + 2, shade(style.wall, 0.6))
    paint_ground_floor(rng, image, ground_floor, storey, style, centres, snowy, scale)
    _finish(rng, image, style.trim, snowy)
    return image


def paint_wall(rng: np.random.Generator, style: FacadeStyle, width: float,
               height: float) -> NDArray[np.uint8]:
    """Paint a bare wall of a style; width and height in metres."""
    image = canvas(round(height * TEXELS_PER_METRE), round(width * TEXELS_PER_METRE), style.wall)
    rows, columns = image.shape[:2]
    relief = 1 + 0.06 * noise(rng, rows, columns, 40, 2)
    relief += _PATTERNS[style.material](rng, rows, columns)
    # Rain and dust: darker towards the ground and below the eaves.
    height_above = np.linspace(height, 0, rows, dtype=np.float32)[:, None]
    relief *= 1 - 0.22 * np.exp(-height_above / 0.7) - 0.12 * np.exp((height_above - height) / 0.4)
    tint(image, relief)
    return image


def _brick(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    bricks = rng.normal(0, 0.09, (rows // 2 + 1, columns // 6 + 2)).astype(np.float32)
    pattern = np.repeat(np.repeat(bricks, 2, 0), 6, 1)
    pattern[2::4] = np.roll(pattern[2::4], 3, 1)
    pattern[3::4] = np.roll(pattern[3::4], 3, 1)
    pattern[1::2] -= 0.05
    return pattern[:rows, :columns]


def _plaster(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    stains = noise(rng, rows, columns, 60, 3)
    return 0.03 * noise(rng, rows, columns, 3) - 0.10 * (stains > 0.55)


def _stone(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    blocks = rng.normal(0, 0.07, (rows // 9 + 1, columns // 16 + 2)).astype(np.float32)
    pattern = np.repeat(np.repeat(blocks, 9, 0), 16, 1)
    for course in range(9, rows, 18):
        pattern[course:course + 9] = np.roll(pattern[course:course + 9], 8, 1)
    pattern[::9] -= 0.18
    return pattern[:rows, :columns]


def _concrete(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    pattern = 0.04 * noise(rng, rows, columns, 5, 2)
    pattern[::70] -= 0.3
    pattern[:, ::76] -= 0.3
    return pattern


def _boards(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    boards = np.repeat(rng.normal(0, 0.05, rows // 5 + 1).astype(np.float32), 5)[:rows]
    boards[::5] -= 0.28
    return np.broadcast_to(boards[:, None], (rows, columns)).copy()


_PATTERNS = {'brick': _brick, 'plaster': _plaster, 'stone': _stone, 'concrete': _concrete,
             'boards': _boards}


def _finish(rng: np.random.Generator, image: NDArray[np.uint8], trim: Colour,
            snowy: bool) -> None:
    """Paint the cornice, a drain pipe, and snow on the cornice."""
    rows, columns = image.shape[:2]
    box(image, 0, 0, columns, 7, trim)
    box(image, 0, 7, columns, 10, shade(trim, 0.55))
    if snowy:
        box(image, 0, 0, columns, 4, (236, 240, 246))
    if rng.random() < 0.7:
        pipe = 3 if rng.random() < 0.5 else columns - 6
        box(image, pipe, 8, pipe + 3, rows, (96, 94, 92))
        box(image, pipe + 2, 8, pipe + 3, rows, (58, 57, 56))
