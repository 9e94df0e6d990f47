# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a front shows to those who walk by: doors, garages, shop windows and signs."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.styles import Window
from structvpr_ros.data.town.texture import box, shade, SNOW, vary
from structvpr_ros.data.town.walls import TEXELS_PER_METRE
from structvpr_ros.data.town.windows import Front, paint_window

_DOORS = ((92, 48, 40), (46, 70, 62), (50, 62, 92), (120, 92, 62), (70, 68, 66), (150, 58, 48))
_SIGNS = ((172, 44, 40), (34, 74, 134), (38, 104, 66), (222, 182, 52), (54, 52, 56),
          (236, 232, 222), (142, 60, 120))
_SHOP_FRAMES = ((58, 56, 54), (222, 218, 208), (96, 68, 50), (44, 72, 62))


def paint_ground_floor(front: Front, kind: str, storey: float,
                       centres: NDArray[np.float64]) -> None:
    """
    Paint the lowest storey of a front.

    :param kind: 'home', 'shop', 'garage' or 'office'.
    :param storey: its height, texels.
    :param centres: of the windows above, texels.
    """
    rows, columns = front.image.shape[:2]
    if kind == 'shop':
        _paint_shop(front, rows - storey)
        return
    window = front.style.window._replace(balcony=False)
    if kind == 'office':
        window = Window(front.style.bay * 0.85, 1.9, (2, 1))
    door = int(front.rng.integers(len(centres)))
    for item, centre in enumerate(centres):
        if item == door:
            _paint_door(front, centre)
        elif kind == 'garage' and item == (door + 1) % len(centres):
            _paint_garage(front, centre, 0.9 * columns / len(centres))
        else:
            paint_window(front, window, centre, rows - storey + 0.5 * TEXELS_PER_METRE)


def _paint_door(front: Front, centre: float) -> None:
    rng, image = front.rng, front.image
    bottom = image.shape[0]
    half, top = 0.52 * TEXELS_PER_METRE, bottom - 2.25 * TEXELS_PER_METRE
    colour = vary(rng, _DOORS[rng.integers(len(_DOORS))], 8)
    box(image, centre - half - 4, top - 12, centre + half + 4, bottom, (214, 208, 196))
    box(image, centre - half, top - 9, centre + half, top - 2, (70, 80, 88),
        int(rng.integers(170, 232)))
    box(image, centre - half, top, centre + half, bottom - 3, colour)
    height = 0.36 * (bottom - top)
    for row in (top + 5, top + 0.5 * (bottom - top) + 2):
        for column in (centre - half + 3, centre + 2):
            box(image, column, row, column + half - 5, row + height, shade(colour, 0.78))
    box(image, centre - half - 6, bottom - 3, centre + half + 6, bottom, (140, 136, 130))


def _paint_garage(front: Front, centre: float, width: float) -> None:
    half = min(width, 2.6 * TEXELS_PER_METRE) / 2
    image, colour = front.image, vary(front.rng, (196, 196, 192), 22)
    bottom, top = image.shape[0], image.shape[0] - 2.2 * TEXELS_PER_METRE
    box(image, centre - half - 2, top - 2, centre + half + 2, bottom, shade(colour, 0.5))
    for row in np.arange(top, bottom - 1, 9):
        box(image, centre - half, row, centre + half, min(row + 8, bottom), colour)


def _paint_shop(front: Front, top: float) -> None:
    """Paint large panes with goods behind them, a door, and a sign above."""
    rng, image = front.rng, front.image
    rows, columns = image.shape[:2]
    box(image, 0, top, columns, rows, vary(rng, _SHOP_FRAMES[rng.integers(4)], 8))
    sign_bottom = top + 0.75 * TEXELS_PER_METRE
    count = max(2, round(columns / (1.9 * TEXELS_PER_METRE)))
    door = int(rng.integers(count))
    edges = np.linspace(4, columns - 4, count + 1)
    for item, (left, right) in enumerate(zip(edges[:-1], edges[1:])):
        bottom = rows - (2 if item == door else 0.55 * TEXELS_PER_METRE)
        rank = int(rng.integers(212, 234))
        box(image, left + 2, sign_bottom + 5, right - 2, bottom, (64, 72, 78), rank)
        box(image, left + 2, sign_bottom + 5, right - 2, sign_bottom + 18, (112, 124, 132), rank)
        for _ in range(0 if item == door else int(rng.integers(3, 9))):
            at, height, width = rng.uniform((left + 3, 4, 3), (right - 9, 16, 8))
            box(image, at, bottom - height, at + width, bottom - 1,
                vary(rng, (150, 130, 110), 45), rank)
    _paint_sign(front, 2, top + 2, columns - 2, sign_bottom)
    if front.snowy:
        box(image, 0, top - 2, columns, top + 2, SNOW)


def _paint_sign(front: Front, left: float, top: float, right: float, bottom: float) -> None:
    """Paint a sign board with strokes that look like letters from where they are seen."""
    rng, image = front.rng, front.image
    board = vary(rng, _SIGNS[rng.integers(len(_SIGNS))], 8)
    ink = (244, 242, 236) if sum(board) < 420 else (40, 38, 40)
    rank = int(rng.integers(200, 234))
    box(image, left, top, right, bottom, board, rank)
    height = bottom - top
    letter, stroke = height * 0.6, max(height * 0.12, 1.5)
    length = min(int(rng.integers(4, 11)), int((right - left) / letter) - 1)
    high, low = top + height * 0.22, bottom - height * 0.22
    start = (left + right - length * letter) / 2
    for at in start + letter * np.arange(length):
        box(image, at, high, at + stroke, low, ink, rank)
        for row in (high, (high + low) / 2, low - stroke):
            if rng.random() < 0.55:
                box(image, at, row, at + height * 0.4, row + stroke, ink, rank)
        if rng.random() < 0.5:
            box(image, at + height * 0.4 - stroke, high, at + height * 0.4, low, ink, rank)
