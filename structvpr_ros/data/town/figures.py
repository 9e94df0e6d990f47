# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""People on foot and on bicycles, seen along the street."""

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.texture import box, canvas, Colour, HOLE, LAMP, OPAQUE, shade, vary

PERSON_ROWS = 112
_CLOTHES = ((44, 52, 78), (60, 58, 56), (120, 44, 44), (84, 100, 84), (170, 160, 140),
            (36, 36, 40), (150, 110, 60), (110, 120, 136), (200, 198, 190), (96, 60, 92))
_SKINS = ((224, 184, 156), (196, 150, 118), (140, 98, 72), (96, 66, 50))
_HAIR = ((44, 34, 28), (92, 66, 42), (30, 28, 28), (170, 140, 90), (150, 148, 144))


def paint_person(rng: np.random.Generator, away: bool, umbrella: bool) -> NDArray[np.uint8]:
    """
    Paint a walking person, with an umbrella or not; ``PERSON_ROWS`` texels from head to foot.

    :param away: whether one sees the back.
    """
    image = canvas(PERSON_ROWS, 48, (90, 86, 84), HOLE)
    coat, trousers = (_colour(rng, _CLOTHES) for _ in range(2))
    stride = int(rng.integers(0, 6))
    for side in (-1, 1):
        _limb(image, (24 + 4 * side, 58), (24 + 4 * side + side * stride // 2, 106 - stride),
              shade(trousers, 0.85 if side < 0 else 1), 8)
        _limb(image, (24 + 4 * side, 108 - stride), (24 + 5 * side, 109 - stride), (34, 32, 32), 5)
        _limb(image, (24 + 10 * side, 26), (24 + 12 * side, 58 + side * stride),
              shade(coat, 0.8), 6)
    skirt = 64 + int(rng.integers(0, 16))
    outline = np.array([(14, 22), (34, 22), (35, 44), (33, skirt), (15, skirt), (13, 44)])
    cv2.fillPoly(image, [outline.astype(np.int32)], (*coat, OPAQUE))
    image[22:skirt, 14:20, :3] = (image[22:skirt, 14:20, :3] * 0.8).astype(np.uint8)
    _head(rng, image, 24, 11, away)
    if away and rng.random() < 0.4:
        box(image, 17, 26, 31, 48, _colour(rng, _CLOTHES))
    return _under_umbrella(rng, image) if umbrella else image


def paint_rider(rng: np.random.Generator, away: bool) -> NDArray[np.uint8]:
    """Paint a cyclist without the bicycle; the legs end at the pedals."""
    image = canvas(PERSON_ROWS, 44, (90, 86, 84), HOLE)
    coat, trousers = (_colour(rng, _CLOTHES) for _ in range(2))
    for side in (-1, 1):
        _limb(image, (22 + 5 * side, 58), (22 + 6 * side, 80 + 6 * side), trousers, 8)
        _limb(image, (22 + 6 * side, 80 + 6 * side), (22 + 5 * side, 94 + 6 * side), trousers, 6)
        _limb(image, (22 + 10 * side, 28), (22 + 16 * side, 48), shade(coat, 0.85), 6)
    outline = np.array([(12, 24), (32, 24), (33, 44), (31, 64), (13, 64), (11, 44)])
    cv2.fillPoly(image, [outline.astype(np.int32)], (*coat, OPAQUE))
    _head(rng, image, 22, 13, away)
    if rng.random() < 0.5:
        cv2.ellipse(image, (22, 10), (8, 7), 0, 180, 360, (*_colour(rng, _CLOTHES), OPAQUE), -1)
    return image


def paint_bicycle(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Paint a bicycle seen from one end: a wheel, the handlebar, a light."""
    image = canvas(66, 36, (50, 50, 52), HOLE)
    box(image, 16, 22, 20, 66, (26, 26, 28))
    box(image, 4, 12, 32, 15, (60, 60, 62))
    box(image, 17, 8, 19, 40, _colour(rng, _CLOTHES))
    box(image, 16, 18, 20, 22, (220, 60, 50), LAMP)
    return image


def _colour(rng: np.random.Generator, palette: tuple[Colour, ...]) -> tuple[float, ...]:
    return vary(rng, palette[rng.integers(len(palette))], 10)


def _limb(image: NDArray[np.uint8], start: tuple[int, int], end: tuple[int, int], colour: Colour,
          thickness: int) -> None:
    cv2.line(image, start, end, (*(int(part) for part in colour), OPAQUE), thickness)


def _head(rng: np.random.Generator, image: NDArray[np.uint8], x: int, y: int,
          away: bool) -> None:
    skin, hair = _colour(rng, _SKINS), _colour(rng, _HAIR)
    box(image, x - 3, y + 6, x + 3, y + 13, shade(skin, 0.85))
    cv2.ellipse(image, (x, y), (7, 9), 0, 0, 360, (*skin, OPAQUE), -1)
    cv2.ellipse(image, (x, y - 2), (8, 9), 0, *((0, 360) if away else (180, 360)),
                (*hair, OPAQUE), -1)


def _under_umbrella(rng: np.random.Generator, person: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = canvas(PERSON_ROWS + 18, 48, (90, 86, 84), HOLE)
    image[18:] = person
    colour = _colour(rng, _CLOTHES)
    cv2.ellipse(image, (24, 22), (23, 18), 0, 180, 360, (*colour, OPAQUE), -1)
    for rib in (-12, 0, 12):
        cv2.line(image, (24, 4), (24 + rib, 22), (*shade(colour, 0.7), OPAQUE), 1)
    return image
