# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Traffic signs and lights, utility poles, bollards."""

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.plots import Plot
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.surface import Surface, upright
from structvpr_ros.data.town.texture import (box, canvas, Colour, HOLE, mipmaps, OPAQUE, SIGNAL,
                                             solid)

_WHITE, _RED, _BLUE, _YELLOW = (236, 236, 232), (186, 36, 40), (36, 76, 156), (232, 196, 48)
_INK, _METAL, _WOOD, _IRON = (40, 40, 44), (128, 130, 130), (98, 80, 64), (58, 60, 62)


def put_signs(street: Street) -> list[Surface]:
    """Return traffic signs along the street, most of them on the right."""
    rng = stream(street.seed, 'signs', street.name)
    pole, surfaces, x = solid(_METAL), [], FIRST_X + rng.uniform(0, 15)
    while x < street.last_x:
        side = -1 if rng.random() < 0.75 else 1
        y = float(street.centre(x)) + side * (street.kerb(side) + 0.35)
        image = _SIGNS[rng.integers(len(_SIGNS))]()
        height, size = rng.uniform((2.3, 0.65), (3.0, 0.95)).tolist()
        surfaces += [upright(x, y, 0.08, height, Label.POLE, pole),
                     upright(x - 0.05, y, size, size * image.shape[0] / image.shape[1],
                             Label.TRAFFIC_SIGN, mipmaps(image), height - 0.25)]
        x += rng.uniform(9, 40)
    return surfaces


def put_signals(street: Street, plots: tuple[Plot, ...]) -> list[Surface]:
    """Return traffic lights before some of the streets that join this one."""
    rng = stream(street.seed, 'signals', street.name)
    pole, surfaces = solid(_METAL), []
    for plot in plots:
        if plot.kind == 'crossing' and rng.random() < 0.6:
            x, y = plot.start - 1, float(street.centre(plot.start)) - street.kerb(-1) - 0.4
            surfaces += [upright(x, y, 0.12, 3.4, Label.POLE, pole),
                         upright(x - 0.05, y, 0.36, 1.0, Label.TRAFFIC_LIGHT,
                                 mipmaps(_paint_signal(lit=int(rng.choice([0, 2])))), 2.5)]
    return surfaces


def put_poles(street: Street) -> list[Surface]:
    """Return wooden utility poles, where the street has them, and bollards."""
    rng = stream(street.seed, 'poles', street.name)
    surfaces, wood = [], solid(_WOOD)
    if rng.random() < 0.5:
        side, x = int(rng.choice([1, -1])), FIRST_X + rng.uniform(0, 30)
        while x < street.last_x:
            y = float(street.centre(x)) + side * (street.front(side) - 0.3)
            surfaces += [upright(x, y, 0.24, 9.0, Label.POLE, wood),
                         upright(x, y, 1.9, 0.16, Label.POLE, wood, 8.2)]
            x += rng.uniform(24, 40)
    iron = solid(_IRON)
    for x in rng.uniform(FIRST_X, street.last_x, 6):
        side = int(rng.choice([1, -1]))
        for step in range(rng.integers(2, 6)):
            at = x + 1.6 * step
            surfaces.append(upright(at, float(street.centre(at)) + side * (
                street.kerb(side) + 0.3), 0.11, 0.85, Label.POLE, iron))
    return surfaces


def _paint_ban() -> NDArray[np.uint8]:
    image = _disc(_RED)
    cv2.circle(image, (24, 24), 16, (*_WHITE, OPAQUE), -1)
    box(image, 17, 16, 22, 33, _INK)
    box(image, 26, 16, 32, 33, _INK)
    return image


def _paint_no_parking() -> NDArray[np.uint8]:
    image = _disc(_BLUE)
    cv2.line(image, (12, 34), (34, 14), (*_RED, OPAQUE), 6)
    cv2.circle(image, (24, 24), 20, (*_RED, OPAQUE), 5)
    return image


def _disc(colour: Colour) -> NDArray[np.uint8]:
    image = canvas(48, 48, colour, HOLE)
    cv2.circle(image, (24, 24), 22, (*colour, OPAQUE), -1)
    return image


def _paint_warning() -> NDArray[np.uint8]:
    image = canvas(48, 48, _RED, HOLE)
    for size, colour in ((23, _RED), (15, _WHITE)):
        low = round(26 + 0.75 * size)
        corners = np.array([(24, 26 - size), (24 - size, low), (24 + size, low)], np.int32)
        cv2.fillPoly(image, [corners], (*colour, OPAQUE))
    box(image, 22, 22, 26, 34, _INK)
    return image


def _paint_priority() -> NDArray[np.uint8]:
    image = canvas(48, 48, _WHITE, HOLE)
    for size, colour in ((23, _WHITE), (16, _YELLOW)):
        corners = np.array([(24, 24 - size), (24 + size, 24), (24, 24 + size), (24 - size, 24)])
        cv2.fillPoly(image, [corners.astype(np.int32)], (*colour, OPAQUE))
    return image


def _paint_board() -> NDArray[np.uint8]:
    image = canvas(64, 48, _BLUE)
    box(image, 10, 8, 38, 34, _WHITE)
    box(image, 18, 14, 24, 50, _INK)
    return image


_SIGNS = (_paint_ban, _paint_no_parking, _paint_warning, _paint_priority, _paint_board)


def _paint_signal(lit: int) -> NDArray[np.uint8]:
    """Paint a traffic light of which one lamp, counted from above, is lit."""
    image = canvas(60, 22, (34, 36, 38))
    for lamp, colour in enumerate(((255, 60, 48), (250, 190, 60), (60, 235, 130))):
        shown = (*colour, SIGNAL) if lamp == lit else (*(part // 5 for part in colour), OPAQUE)
        cv2.circle(image, (11, 11 + 19 * lamp), 7, shown, -1)
    return image
