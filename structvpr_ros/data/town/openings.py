# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Windows, doors, garages and shop fronts, painted onto a front wall."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.styles import FacadeStyle
from structvpr_ros.data.town.texture import box, Colour, OPAQUE, shade, vary

_SNOW = (238, 241, 247)
_DOORS = ((92, 48, 40), (46, 70, 62), (50, 62, 92), (120, 92, 62), (70, 68, 66), (150, 58, 48))
_SIGNS = ((172, 44, 40), (34, 74, 134), (38, 104, 66), (222, 182, 52), (54, 52, 56),
          (236, 232, 222), (142, 60, 120))


def paint_window(rng: np.random.Generator, image: NDArray[np.uint8], centre: float, top: float,
                 size: tuple[float, float], trim: Colour, bars: tuple[int, int],
                 shutters: Colour, balcony: bool, snowy: bool, scale: int) -> None:
    """
    Paint one window; positions in texels, ``size`` in metres.

    Its panes get a rank of their own at which they light up in the evening.
    """
    width, height = size[0] * scale, size[1] * scale
    left, right, bottom = centre - width / 2, centre + width / 2, top + height
    box(image, left - 3, top - 4, right + 3, bottom + 2, trim)
    box(image, left - 2, top - 1, right + 2, bottom, shade(trim, 0.72))
    _panes(rng, image, left, top, right, bottom)
    for bar in range(1, bars[0]):
        at = left + width * bar / bars[0]
        box(image, at - 1, top, at + 1, bottom, trim)
    for bar in range(1, bars[1]):
        at = top + height * bar / bars[1]
        box(image, left, at - 1, right, at + 1, trim)
    if len(shutters):
        for edge in (left - 3 - width * 0.42, right + 3):
            box(image, edge, top - 1, edge + width * 0.42, bottom + 1, shutters)
            box(image, edge, top + height * 0.5, edge + width * 0.42, top + height * 0.5 + 1,
                shade(shutters, 0.6))
    box(image, left - 4, bottom, right + 4, bottom + 3, _SNOW if snowy else shade(trim, 1.05))
    box(image, left - 4, bottom + 3, right + 4, bottom + 5, shade(trim, 0.5))
    if balcony:
        _balcony(image, left, bottom, right, snowy, scale)


def paint_ground_floor(rng: np.random.Generator, image: NDArray[np.uint8], kind: str,
                       storey: float, style: FacadeStyle, centres: NDArray[np.float64],
                       snowy: bool, scale: int) -> None:
    """Paint the lowest ``storey`` texels of a front: homes, a shop, a garage or an office."""
    rows, columns = image.shape[:2]
    if kind == 'shop':
        _shop(rng, image, rows - storey, snowy, scale)
        return
    door = int(rng.integers(len(centres)))
    for item, centre in enumerate(centres):
        top = rows - storey + 0.5 * scale
        if item == door:
            _door(rng, image, centre, scale)
        elif kind == 'garage' and item == (door + 1) % len(centres):
            _garage(rng, image, centre, min(columns / len(centres) * 0.9, 2.6 * scale), scale)
        elif kind == 'office':
            paint_window(rng, image, centre, top, (style.bay * 0.85, 1.9), style.trim, (2, 1),
                         (), False, snowy, scale)
        else:
            paint_window(rng, image, centre, top, style.window, style.trim, style.bars,
                         style.shutters, False, snowy, scale)
    box(image, 0, rows - 9, columns, rows - 1, shade(image[rows - 12, 2, :3], 0.75))


def _panes(rng: np.random.Generator, image: NDArray[np.uint8], left: float, top: float,
           right: float, bottom: float) -> None:
    """Paint glass: it mirrors the sky above and is dark below, with curtains or a blind."""
    rank = int(rng.integers(OPAQUE + 8, 240))
    box(image, left, top, right, bottom, (52, 60, 68), rank)
    box(image, left, top, right, top + (bottom - top) * rng.uniform(0.3, 0.6), (104, 120, 134),
        rank)
    box(image, left, top, right, top + 3, (34, 38, 42), rank)
    width = right - left
    look = rng.random()
    if look < 0.3:
        fold = width * rng.uniform(0.12, 0.3)
        cloth = vary(rng, (198, 192, 180), 18)
        box(image, left, top + 2, left + fold, bottom, cloth, rank)
        box(image, right - fold, top + 2, right, bottom, cloth, rank)
    elif look < 0.55:
        box(image, left, top + 2, right, top + (bottom - top) * rng.uniform(0.2, 0.9),
            vary(rng, (206, 200, 186), 16), rank)


def _balcony(image: NDArray[np.uint8], left: float, floor: float, right: float, snowy: bool,
             scale: int) -> None:
    rail = floor - 0.95 * scale
    for at in np.arange(left - 8, right + 8, 4):
        box(image, at, rail, at + 1, floor, (44, 44, 48))
    box(image, left - 9, rail - 1, right + 9, rail + 1, _SNOW if snowy else (44, 44, 48))
    box(image, left - 10, floor, right + 10, floor + 5, (150, 146, 140))
    box(image, left - 10, floor + 5, right + 10, floor + 9, (60, 58, 56))


def _door(rng: np.random.Generator, image: NDArray[np.uint8], centre: float, scale: int) -> None:
    bottom = image.shape[0]
    half, top = 0.52 * scale, bottom - 2.25 * scale
    colour = vary(rng, _DOORS[rng.integers(len(_DOORS))], 8)
    box(image, centre - half - 4, top - 12, centre + half + 4, bottom, (214, 208, 196))
    box(image, centre - half, top - 9, centre + half, top - 2, (70, 80, 88),
        int(rng.integers(170, 240)))
    box(image, centre - half, top, centre + half, bottom - 3, colour)
    for row in (top + 5, top + 0.5 * (bottom - top) + 2):
        for column in (centre - half + 3, centre + 2):
            box(image, column, row, column + half - 5, row + 0.36 * (bottom - top),
                shade(colour, 0.78))
    box(image, centre - half - 6, bottom - 3, centre + half + 6, bottom, (140, 136, 130))


def _garage(rng: np.random.Generator, image: NDArray[np.uint8], centre: float, width: float,
            scale: int) -> None:
    bottom, colour = image.shape[0], vary(rng, (196, 196, 192), 22)
    top = bottom - 2.2 * scale
    box(image, centre - width / 2 - 2, top - 2, centre + width / 2 + 2, bottom, shade(colour, 0.5))
    for row in np.arange(top, bottom - 1, 9):
        box(image, centre - width / 2, row, centre + width / 2, min(row + 8, bottom), colour)


def _shop(rng: np.random.Generator, image: NDArray[np.uint8], top: float, snowy: bool,
          scale: int) -> None:
    """Paint large panes with goods behind them, a door, and a sign above."""
    rows, columns = image.shape[:2]
    frame = vary(rng, ((58, 56, 54), (222, 218, 208), (96, 68, 50), (44, 72, 62))[
        rng.integers(4)], 8)
    box(image, 0, top, columns, rows, frame)
    sign_bottom = top + 0.75 * scale
    count = max(2, round(columns / (1.9 * scale)))
    door = int(rng.integers(count))
    edges = np.linspace(4, columns - 4, count + 1)
    for item, (left, right) in enumerate(zip(edges[:-1], edges[1:])):
        low = rows - (2 if item == door else 0.55 * scale)
        rank = int(rng.integers(214, 244))
        box(image, left + 2, sign_bottom + 5, right - 2, low, (64, 72, 78), rank)
        box(image, left + 2, sign_bottom + 5, right - 2, sign_bottom + 18, (112, 124, 132), rank)
        for _ in range(0 if item == door else int(rng.integers(3, 9))):
            at, high = rng.uniform(left + 3, right - 9), rng.uniform(4, 16)
            box(image, at, low - high, at + rng.uniform(3, 8), low - 1,
                vary(rng, (150, 130, 110), 45), rank)
    _sign(rng, image, 2, top + 2, columns - 2, sign_bottom)
    if snowy:
        box(image, 0, top - 2, columns, top + 2, _SNOW)


def _sign(rng: np.random.Generator, image: NDArray[np.uint8], left: float, top: float,
          right: float, bottom: float) -> None:
    """Paint a sign board with strokes that look like letters from where they are seen."""
    board = vary(rng, _SIGNS[rng.integers(len(_SIGNS))], 8)
    ink = (244, 242, 236) if sum(board) < 420 else (40, 38, 40)
    rank = int(rng.integers(200, 244))
    box(image, left, top, right, bottom, board, rank)
    height = bottom - top
    length = min(int(rng.integers(4, 11)), int((right - left) / (height * 0.6)) - 1)
    at = (left + right - length * height * 0.6) / 2
    for _ in range(max(length, 0)):
        high, low = top + height * 0.22, bottom - height * 0.22
        stroke = max(height * 0.12, 1.5)
        box(image, at, high, at + stroke, low, ink, rank)
        for row in (high, (high + low) / 2, low - stroke):
            if rng.random() < 0.55:
                box(image, at, row, at + height * 0.4, row + stroke, ink, rank)
        if rng.random() < 0.5:
            box(image, at + height * 0.4 - stroke, high, at + height * 0.4, low, ink, rank)
        at += height * 0.6
