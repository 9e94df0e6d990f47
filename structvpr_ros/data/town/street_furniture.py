# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The looks of small things along the road: lamps, signs, traffic lights, fences, low walls."""

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.texture import (box, canvas, HOLE, LAMP, noise, OPAQUE,
                                             SIGNAL, tint, vary)

_WHITE, _RED, _BLUE, _YELLOW = (236, 236, 232), (186, 36, 40), (36, 76, 156), (232, 196, 48)
_METAL = (92, 94, 94)


def paint_lamp(width: float, height: float, reach: float) -> NDArray[np.uint8]:
    """
    Paint the arm and head of a lamp seen along the street, 32 texels per metre.

    :param reach: metres from the pole to the head, positive to the left.
    """
    image = canvas(round(height * 32), round(width * 32), _METAL, HOLE)
    rows, columns = image.shape[:2]
    head, pole = (12, columns - 13) if reach >= 0 else (columns - 13, 12)
    if abs(reach) < 0.1:
        head = pole = columns // 2
    cv2.line(image, (pole, rows - 1), (pole, rows // 3), (*_METAL, OPAQUE), 4)
    cv2.line(image, (pole, rows // 3), (head, rows // 4), (*_METAL, OPAQUE), 3)
    cv2.ellipse(image, (head, rows // 4), (12, 5), 0, 180, 360, (70, 72, 74, OPAQUE), -1)
    cv2.ellipse(image, (head, rows // 4 + 1), (10, 4), 0, 0, 180, (250, 236, 204, LAMP), -1)
    return image


def paint_sign(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Paint a traffic sign that faces the driver: round, triangular or a board."""
    kind = rng.integers(6)
    image = canvas(48 if kind < 4 else 64, 48, (150, 150, 150), HOLE)
    ink = (40, 40, 44, OPAQUE)
    if kind == 0:
        cv2.circle(image, (24, 24), 22, (*_RED, OPAQUE), -1)
        cv2.circle(image, (24, 24), 16, (*_WHITE, OPAQUE), -1)
        box(image, 17, 16, 22, 33, ink)
        box(image, 26, 16, 32, 33, ink)
    elif kind == 1:
        cv2.circle(image, (24, 24), 22, (*_BLUE, OPAQUE), -1)
        cv2.line(image, (12, 34), (34, 14), (*_RED, OPAQUE), 6)
        cv2.circle(image, (24, 24), 20, (*_RED, OPAQUE), 5)
    elif kind == 2:
        for size, colour in ((23, _RED), (15, _WHITE)):
            corners = np.array([[24, 26 - size], [24 - size, 26 + size * 0.75],
                                [24 + size, 26 + size * 0.75]], np.int32)
            cv2.fillPoly(image, [corners], (*colour, OPAQUE))
        box(image, 22, 22, 26, 34, ink)
    elif kind == 3:
        image = np.rot90(canvas(48, 48, _YELLOW, HOLE)).copy()
        corners = np.array([[24, 1], [47, 24], [24, 47], [1, 24]], np.int32)
        cv2.fillPoly(image, [corners], (*_WHITE, OPAQUE))
        cv2.fillPoly(image, [(corners - 24) * 7 // 10 + 24], (*_YELLOW, OPAQUE))
    else:
        image[:] = (*(_BLUE if kind == 4 else _WHITE), OPAQUE)
        box(image, 10, 8, 38, 34, _WHITE if kind == 4 else _BLUE)
        box(image, 18, 14, 24, 50, ink)
    return image


def paint_signal(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Paint a traffic light that shows red or green."""
    image = canvas(60, 22, (34, 36, 38))
    lit = 0 if rng.random() < 0.5 else 2
    for lamp, colour in enumerate(((255, 60, 48), (250, 190, 60), (60, 235, 130))):
        shown = (*colour, SIGNAL) if lamp == lit else (*(part // 5 for part in colour), OPAQUE)
        cv2.circle(image, (11, 11 + 19 * lamp), 7, shown, -1)
    return image


def paint_fence(rng: np.random.Generator, width: float, height: float) -> NDArray[np.uint8]:
    """Paint a fence of boards, of iron bars or of wire, 24 texels per metre."""
    rows, columns = max(8, round(height * 24)), max(8, round(width * 24))
    kind = rng.integers(3)
    colour = vary(rng, ((150, 128, 100), (46, 48, 50), (120, 128, 124))[kind], 12)
    image = canvas(rows, columns, colour, OPAQUE if kind == 0 else HOLE)
    pitch = (6, 4, 60)[kind]
    for at in range(0, columns, pitch):
        if kind == 0:
            box(image, at, 0, at + 1, rows, colour, HOLE)
        else:
            box(image, at, 0, at + (2 if kind == 1 else 3), rows, colour)
    if kind == 2:
        mesh = (np.add.outer(np.arange(rows), np.arange(columns)) % 6 < 2) | (
            np.subtract.outer(np.arange(rows), np.arange(columns)) % 6 < 2)
        image[mesh, 3] = OPAQUE
    for rail in (0.1, 0.8):
        box(image, 0, rows * rail, columns, rows * rail + 3, colour)
    tint(image, 1 + 0.10 * noise(rng, rows, columns, 8, 2))
    return image


def paint_masonry(rng: np.random.Generator, width: float, height: float,
                  snowy: bool) -> NDArray[np.uint8]:
    """Paint a garden wall with a coping, 24 texels per metre."""
    rows, columns = max(8, round(height * 24)), max(8, round(width * 24))
    image = canvas(rows, columns, vary(rng, ((150, 100, 80), (168, 162, 148), (198, 190, 174))[
        rng.integers(3)], 10))
    stones = rng.normal(0, 0.08, (rows // 4 + 1, columns // 8 + 1)).astype(np.float32)
    pattern = np.repeat(np.repeat(stones, 4, 0), 8, 1)[:rows, :columns]
    pattern[::4] -= 0.14
    tint(image, 1 + pattern + 0.08 * noise(rng, rows, columns, 30))
    box(image, 0, 0, columns, 4, (236, 240, 247) if snowy else (176, 172, 164))
    box(image, 0, 4, columns, 5, (70, 68, 64))
    return image
