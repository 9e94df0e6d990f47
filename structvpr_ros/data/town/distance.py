# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What closes the view: houses across the end of the street, towers and trees behind roofs."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import Street
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.styles import plan_style
from structvpr_ros.data.town.surface import Surface, upright
from structvpr_ros.data.town.texture import box, canvas, HOLE, mipmaps, noise, OPAQUE, tint, vary

_TEXELS_PER_METRE = 4
_BREADTH = 120.0
_WOOD = 260.0, 9.0


def put_distance(street: Street) -> list[Surface]:
    """Return the far surfaces of a street; seen from all along it, only larger or smaller."""
    rng = stream(street.seed, 'distance', street.name)
    end, middle = street.last_x + 4, float(street.centre(street.last_x))
    surfaces = [upright(end + 25, middle, *_WOOD, Label.VEGETATION,
                        mipmaps(_paint_wood(rng, *_WOOD)))]
    y = middle - _BREADTH / 2
    while y < middle + _BREADTH / 2:
        width, height = rng.uniform((9, 7), (18, 17)).tolist()
        surfaces.append(_put_house(rng, end, y + width / 2, width, height))
        y += width + float(rng.choice([0, 0, 6]))
    for _ in range(rng.integers(1, 4)):
        x, aside, width, height = rng.uniform((10, -70, 12, 24), (120, 70, 22, 52)).tolist()
        surfaces.append(_put_house(rng, end + x, middle + aside, width, height))
    return surfaces


def _put_house(rng: np.random.Generator, x: float, y: float, width: float,
               height: float) -> Surface:
    style = plan_style(rng)
    rows, columns = round(height * _TEXELS_PER_METRE), round(width * _TEXELS_PER_METRE)
    image = canvas(rows, columns, style.wall)
    pane = [size * _TEXELS_PER_METRE for size in style.window[:2]]
    for top in np.arange(3, rows - 8, style.floor_height * _TEXELS_PER_METRE):
        for left in np.arange(3, columns - 5, style.bay * _TEXELS_PER_METRE):
            box(image, left, top, left + pane[0], top + pane[1], (70, 80, 90),
                int(rng.integers(OPAQUE + 8, 232)))
    return upright(x, y, width, height, Label.BUILDING, mipmaps(image))


def _paint_wood(rng: np.random.Generator, width: float, height: float) -> NDArray[np.uint8]:
    rows, columns = round(height * _TEXELS_PER_METRE), round(width * _TEXELS_PER_METRE)
    image = canvas(rows, columns, vary(rng, (78, 94, 66), 8))
    clumps = noise(rng, rows, columns, 12, 3)
    tint(image, 0.85 + 0.3 * clumps)
    image[np.arange(rows)[:, None] < rows * (0.35 + 0.25 * clumps[:1]), 3] = HOLE
    return image
