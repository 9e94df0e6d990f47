# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Street lamps: where they stand, and what one sees of them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.surface import Surface, upright
from structvpr_ros.data.town.texture import canvas, HOLE, LAMP, mipmaps, OPAQUE, solid

_METAL = (92, 94, 94)
_TEXELS_PER_METRE = 32


@dataclass(frozen=True)
class Lamp:
    """A street lamp: where its pole stands, where its head hangs, and how high (metres)."""

    x: float
    y: float
    head_y: float
    height: float


def plan_lamps(street: Street) -> tuple[Lamp, ...]:
    """Plan the lamps: of one kind along a street, on one side or changing sides."""
    rng = stream(street.seed, 'lamps', street.name)
    height, arm = float(rng.uniform(5.0, 8.5)), float(rng.choice([0.0, 1.6, 2.4]))
    pace, changing, side = rng.uniform(20, 30), rng.random() < 0.5, int(rng.choice([1, -1]))
    lamps, x = [], FIRST_X + rng.uniform(0, pace)
    while x < street.last_x:
        y = float(street.centre(x)) + side * (street.kerb(side) + 0.45)
        lamps.append(Lamp(float(x), y, y - side * arm, height))
        side = -side if changing else side
        x += pace * rng.uniform(0.8, 1.2)
    return tuple(lamps)


def put_lamps(lamps: tuple[Lamp, ...]) -> list[Surface]:
    """Return the surfaces of lamps."""
    pole, surfaces = solid(_METAL), []
    for lamp in lamps:
        surfaces.append(upright(lamp.x, lamp.y, 0.16, lamp.height, Label.POLE, pole))
        reach = lamp.head_y - lamp.y
        width = abs(reach) + 0.8
        surfaces.append(upright(lamp.x - 0.05, lamp.y + reach / 2, width, 0.8, Label.POLE,
                                mipmaps(_paint_head(width, 0.8, reach)), lamp.height - 0.5))
    return surfaces


def _paint_head(width: float, height: float, reach: float) -> NDArray[np.uint8]:
    """
    Paint the arm and head of a lamp seen along the street.

    :param reach: metres from the pole to the head, positive to the left.
    """
    rows, columns = (round(size * _TEXELS_PER_METRE) for size in (height, width))
    image = canvas(rows, columns, _METAL, HOLE)
    head, pole = (12, columns - 13) if reach >= 0 else (columns - 13, 12)
    if abs(reach) < 0.1:
        head = pole = columns // 2
    cv2.line(image, (pole, rows - 1), (pole, rows // 3), (*_METAL, OPAQUE), 4)
    cv2.line(image, (pole, rows // 3), (head, rows // 4), (*_METAL, OPAQUE), 3)
    cv2.ellipse(image, (head, rows // 4), (12, 5), 0, 180, 360, (70, 72, 74, OPAQUE), -1)
    cv2.ellipse(image, (head, rows // 4 + 1), (10, 4), 0, 0, 180, (250, 236, 204, LAMP), -1)
    return image
