# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What parts plots from the pavement: garden walls, fences and hedges."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.foliage import paint_hedge
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import Street
from structvpr_ros.data.town.plots import Plot
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.surface import Surface, UP
from structvpr_ros.data.town.texture import (box, canvas, HOLE, mipmaps, noise, OPAQUE, SNOW,
                                             tint, vary)

_GATE = 1.3
_RETURN = 5.0
_TEXELS_PER_METRE = 24
_WOOD, _IRON, _WIRE = (150, 128, 100), (46, 48, 50), (120, 128, 124)
_STONES = ((150, 100, 80), (168, 162, 148), (198, 190, 174))


def put_borders(street: Street, plots: tuple[Plot, ...], season: str) -> list[Surface]:
    """Return the walls, fences and hedges of plots."""
    surfaces = []
    for plot in plots:
        if plot.border == 'none':
            continue
        rng = stream(street.seed, 'border', street.name, plot.key)
        height = float(rng.uniform(0.9, 2.1))
        for corner, run in _runs(street, plot, float(rng.uniform(0.25, 0.6))):
            label, image = _paint_border(rng, plot.border, float(np.linalg.norm(run)), height,
                                         season)
            surfaces.append(Surface(corner + height * UP, run, -height * UP, label,
                                    mipmaps(image)))
    return surfaces


def _runs(street: Street, plot: Plot,
          gate: float) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """
    Return the start on the ground and the extent of each run of a border.

    Two run along the pavement with a gate between, the third along the side of the plot that
    those who come along see.

    :param gate: where the gate begins, as a share of the front.
    """
    ends = [np.array([x, street.centre(x) + plot.side * street.front(plot.side), 0.0])
            for x in (plot.start, plot.end)]
    left, right = ends[::plot.side]
    along, width = right - left, float(np.linalg.norm(right - left))
    back = np.array([-along[1], along[0], 0.0]) * (_RETURN / width)
    beyond = gate + _GATE / width
    near = (left + back, -back) if plot.side > 0 else (right, back)
    return [(left, gate * along), (left + beyond * along, (1 - beyond) * along), near]


def _paint_border(rng: np.random.Generator, kind: str, width: float, height: float,
                  season: str) -> tuple[Label, NDArray[np.uint8]]:
    if kind == 'hedge':
        return Label.VEGETATION, paint_hedge(rng, width, height, season)
    if kind == 'wall':
        return Label.WALL, _paint_masonry(rng, width, height, season == 'winter')
    paint = (_paint_boards, _paint_bars, _paint_wire)[rng.integers(3)]
    image = paint(rng, max(8, round(height * _TEXELS_PER_METRE)),
                  max(8, round(width * _TEXELS_PER_METRE)))
    tint(image, 1 + 0.10 * noise(rng, *image.shape[:2], 8, 2))
    return Label.FENCE, image


def _paint_boards(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.uint8]:
    colour = vary(rng, _WOOD, 12)
    image = canvas(rows, columns, colour)
    for gap in range(0, columns, 6):
        box(image, gap, 0, gap + 1, rows, colour, HOLE)
    return _with_rails(image, colour)


def _paint_bars(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.uint8]:
    colour = vary(rng, _IRON, 12)
    image = canvas(rows, columns, colour, HOLE)
    for bar in range(0, columns, 4):
        box(image, bar, 0, bar + 2, rows, colour)
    return _with_rails(image, colour)


def _paint_wire(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.uint8]:
    colour = vary(rng, _WIRE, 12)
    image = canvas(rows, columns, colour, HOLE)
    row, column = np.mgrid[:rows, :columns]
    image[((row + column) % 6 < 2) | ((row - column) % 6 < 2), 3] = OPAQUE
    for post in range(0, columns, 60):
        box(image, post, 0, post + 3, rows, colour)
    return _with_rails(image, colour)


def _with_rails(image: NDArray[np.uint8], colour: tuple[float, ...]) -> NDArray[np.uint8]:
    rows, columns = image.shape[:2]
    for height in (0.1, 0.8):
        box(image, 0, rows * height, columns, rows * height + 3, colour)
    return image


def _paint_masonry(rng: np.random.Generator, width: float, height: float,
                   snowy: bool) -> NDArray[np.uint8]:
    """Paint a garden wall with a coping; width and height in metres."""
    rows, columns = (max(8, round(size * _TEXELS_PER_METRE)) for size in (height, width))
    image = canvas(rows, columns, vary(rng, _STONES[rng.integers(len(_STONES))], 10))
    stones = rng.normal(0, 0.08, (rows // 4 + 1, columns // 8 + 1)).astype(np.float32)
    pattern = np.repeat(np.repeat(stones, 4, 0), 8, 1)[:rows, :columns]
    pattern[::4] -= 0.14
    tint(image, 1 + pattern + 0.08 * noise(rng, rows, columns, 30))
    box(image, 0, 0, columns, 4, SNOW if snowy else (176, 172, 164))
    box(image, 0, 4, columns, 5, (70, 68, 64))
    return image
