# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Trees, bushes and hedges in summer, autumn and winter."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.texture import (canvas, HOLE, noise, OPAQUE, shade, SNOW, tint,
                                             vary)

TEXELS_PER_METRE = 30
SHAPES = ('round', 'wide', 'column', 'conifer')
_GREENS = ((86, 112, 56), (106, 128, 66), (72, 100, 60), (118, 132, 76))
_AUTUMN = ((214, 124, 36), (226, 168, 50), (188, 78, 36), (176, 146, 58))
_BARK = (84, 70, 58)


def paint_tree(rng: np.random.Generator, shape: str, width: float, height: float,
               season: str) -> NDArray[np.uint8]:
    """
    Paint a tree; its outline comes from the stream alone, the season only thins and colours it.

    :param shape: one of ``SHAPES``.
    :param width: of the crown, metres.
    :param height: with the trunk, metres.
    :param season: 'summer', 'autumn' or 'winter'.
    :return: RGBA, ``TEXELS_PER_METRE``, with holes around and in the crown.
    """
    rows, columns = round(height * TEXELS_PER_METRE), round(width * TEXELS_PER_METRE)
    clumps = noise(rng, rows, columns, TEXELS_PER_METRE * 0.9, 3)
    leaves = noise(rng, rows, columns, 3.0, 2)
    density = _crown(shape, rows, columns) + 0.30 * clumps + 0.16 * leaves
    lit = 0.82 + _relief(clumps, 5) + 0.10 * leaves + _overall(rows, columns)
    leaf = _leaf_colour(rng, shape, season)
    image = canvas(rows, columns, shade(leaf, 0.7), HOLE)
    _grow_wood(rng, image, shape)
    thinned = {'summer': 0.0, 'autumn': 0.10, 'winter': 0.0 if shape == 'conifer' else 0.16}
    crown = density > thinned[season]
    if season == 'winter' and shape != 'conifer':
        crown &= noise(rng, rows, columns, 7, 2) > -0.25
    image[crown] = (*(int(channel) for channel in leaf), OPAQUE)
    if season == 'winter':
        image[crown & (_relief(clumps, 5) + 0.1 * leaves > -0.02)] = (*SNOW, OPAQUE)
    tint(image, lit)
    return image


def paint_hedge(rng: np.random.Generator, width: float, height: float,
                season: str) -> NDArray[np.uint8]:
    """Paint a clipped hedge or the side of a bush; width and height in metres."""
    rows, columns = round(height * TEXELS_PER_METRE), round(width * TEXELS_PER_METRE)
    image = canvas(rows, columns, _leaf_colour(rng, 'conifer', season))
    clumps, leaves = noise(rng, rows, columns, 14, 2), noise(rng, rows, columns, 3, 2)
    if season == 'winter':
        image[:max(3, rows // 5), :, :3] = SNOW
    tint(image, 0.8 + 0.18 * clumps + 0.16 * leaves
         + 0.25 * np.linspace(1, -1, rows, dtype=np.float32)[:, None])
    ragged = np.arange(rows)[:, None] < 2.5 + 2.5 * clumps[:1]
    image[ragged, 3] = HOLE
    return image


def _crown(shape: str, rows: int, columns: int) -> NDArray[np.float32]:
    """Return a field that falls from 1 in the middle of the crown to 0 at its outline."""
    x = np.linspace(-1.12, 1.12, columns, dtype=np.float32)[None]
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    if shape == 'conifer':
        tiers = 0.12 * (1 - (y * 7) % 1)
        return np.where(y < 0.9, y * 1.02 - tiers - np.abs(x), -1).astype(np.float32)
    middle, half = {'round': (0.38, 0.36), 'wide': (0.34, 0.30), 'column': (0.46, 0.44)}[shape]
    return 1 - np.hypot(x, (y - middle) / half)


def _relief(clumps: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Return how much the clumps catch the light from above, as if they were a height field."""
    return 0.55 * (clumps - np.roll(clumps, (-step, -step // 2), (0, 1)))


def _overall(rows: int, columns: int) -> NDArray[np.float32]:
    """Return the light on the crown as a whole: more above, less below."""
    return np.broadcast_to(np.linspace(0.28, -0.34, rows, dtype=np.float32)[:, None],
                           (rows, columns))


def _leaf_colour(rng: np.random.Generator, shape: str, season: str) -> tuple[float, ...]:
    greens, autumn, change = rng.integers(4), rng.integers(4), float(rng.normal())
    if shape == 'conifer':
        colour: tuple[float, ...] = (52, 76, 54)
    elif season == 'winter':
        colour = (104, 92, 82)
    else:
        colour = _GREENS[greens] if season == 'summer' else _AUTUMN[autumn]
    return shade(vary(np.random.default_rng(int(greens)), colour, 2), 1 + 0.07 * change)


def _grow_wood(rng: np.random.Generator, image: NDArray[np.uint8], shape: str) -> None:
    rows, columns = image.shape[:2]
    bark = (*_BARK, OPAQUE)
    foot = (columns // 2, rows - 1)
    top = (columns // 2 + int(rng.normal(0, columns * 0.03)), int(rows * 0.30))
    thick = max(3, round(columns * (0.05 if shape == 'wide' else 0.07)))
    cv2.line(image, foot, (top[0], int(rows * 0.6)), bark, thick)
    cv2.line(image, (top[0], int(rows * 0.62)), top, bark, max(2, thick // 2))
    reach = {'round': 0.42, 'wide': 0.46, 'column': 0.3, 'conifer': 0.2}[shape] * columns
    for angle in rng.uniform(0.15, math.pi - 0.15, 16):
        start = (top[0], int(rows * rng.uniform(0.35, 0.62)))
        end = (int(start[0] + math.cos(angle) * reach),
               int(start[1] - math.sin(angle) * rows * 0.28))
        cv2.line(image, start, end, bark, 2)
        tip = (int(end[0] + rng.normal(0, 12)), int(end[1] - rng.uniform(4, 16)))
        cv2.line(image, ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2), tip, bark, 1)
