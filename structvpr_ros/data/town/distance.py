# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What closes the view: houses across the end of the street, towers and trees behind roofs."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.facades import paint_front
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import Street
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.styles import plan_style
from structvpr_ros.data.town.surface import Surface, upright
from structvpr_ros.data.town.texture import canvas, HOLE, mipmaps, noise, tint, vary


def put_distance(street: Street) -> list[Surface]:
    """Return the far surfaces of a street; the same from all along it, but for their size."""
    rng = stream(street.seed, 'distance', street.name)
    end, middle = street.last_x + 4, float(street.centre(street.last_x))
    surfaces, y = [], middle - 60
    while y < middle + 60:
        width, floors = float(rng.uniform(9, 18)), int(rng.integers(2, 6))
        style = plan_style(rng)
        image = paint_front(rng, style, width, floors, 'home', False)
        surfaces.append(upright(end, y + width / 2, width, floors * style.floor_height + 0.5,
                                Label.BUILDING, mipmaps(image)))
        y += width + float(rng.choice([0, 0, 6]))
    surfaces.append(upright(end + 25, middle, 260, 9.0, Label.VEGETATION,
                            mipmaps(_wood(rng, 260, 9.0))))
    for _ in range(rng.integers(1, 4)):
        x, width = end + rng.uniform(10, 120), float(rng.uniform(12, 22))
        y, height = middle + rng.uniform(-70, 70), float(rng.uniform(24, 52))
        style = plan_style(rng)
        image = paint_front(rng, style, width, int(height / style.floor_height), 'office', False)
        surfaces.append(upright(x, y, width, height, Label.BUILDING, mipmaps(image)))
    return surfaces


def _wood(rng: np.random.Generator, width: float, height: float) -> NDArray[np.uint8]:
    rows, columns = round(height * 4), round(width * 4)
    image = canvas(rows, columns, vary(rng, (78, 94, 66), 8))
    clumps = noise(rng, rows, columns, 12, 3)
    tint(image, 0.85 + 0.3 * clumps)
    image[np.arange(rows)[:, None] < rows * (0.35 + 0.25 * clumps[:1]), 3] = HOLE
    return image
