# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Raising buildings: the front, the side wall that those who come along see, shop signs."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.facades import paint_front, paint_gable, paint_side
from structvpr_ros.data.town.frame import Frame, frame_of
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import Street
from structvpr_ros.data.town.plots import Building, Plot
from structvpr_ros.data.town.roofs import cover
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.surface import Surface, UP, upright
from structvpr_ros.data.town.texture import box, canvas, LAMP, mipmaps, shade, SNOW, vary

_AWNINGS = ((168, 52, 48), (52, 92, 72), (60, 76, 120))


def raise_building(street: Street, plot: Plot, building: Building,
                   snowy: bool) -> list[Surface]:
    """Return the surfaces of the building of a plot."""
    rng = stream(street.seed, 'building', street.name, plot.key)
    frame = frame_of(street, plot, building)
    surfaces = [_front(rng, building, frame, snowy), _side(rng, building, frame)]
    surfaces += cover(rng, building, frame, snowy)
    if building.ground_floor == 'shop' and building.setback < 1:
        surfaces += _shop_extras(rng, building, frame, snowy)
    return surfaces


def _front(rng: np.random.Generator, building: Building, frame: Frame, snowy: bool) -> Surface:
    image = paint_front(rng, building.style, frame.width, building.floors,
                        building.ground_floor, snowy)
    height = building.wall_height
    if building.roof == 'gable_front':
        image = np.concatenate([paint_gable(rng, building.style, frame.width,
                                            building.roof_height, snowy), image])
        height = building.height
    return Surface(frame.point(0, 0, height), frame.width * frame.right, -height * UP,
                   Label.BUILDING, mipmaps(image))


def _side(rng: np.random.Generator, building: Building, frame: Frame) -> Surface:
    gable = building.roof_height if building.roof == 'gable' else 0.0
    image = paint_side(rng, building.style, building.depth, building.floors, gable)
    corner, across = frame.side_wall(0, building.depth)
    height = building.wall_height + gable
    return Surface(corner + height * UP, across, -height * UP, Label.BUILDING, mipmaps(image))


def _shop_extras(rng: np.random.Generator, building: Building, frame: Frame,
                 snowy: bool) -> list[Surface]:
    """Return an awning and a sign that hangs out over the pavement, each with some luck."""
    extras, low = [], building.style.floor_height - 0.75
    if rng.random() < 0.5:
        extras.append(Surface(frame.point(0.2, 0, low), (frame.width - 0.4) * frame.right,
                              -1.1 * frame.back - 0.55 * UP, Label.BUILDING,
                              mipmaps(_paint_awning(rng, frame.width, snowy))))
    if rng.random() < 0.6:
        image = canvas(24, 24, vary(rng, (150, 60, 50), 60), LAMP)
        box(image, 4, 4, 20, 20, (240, 236, 226), LAMP)
        box(image, 8, 7, 16, 17, vary(rng, (90, 60, 60), 50), LAMP)
        at = frame.point(frame.width * rng.uniform(0.1, 0.9), -0.5, low + 0.9)
        extras.append(upright(at[0], at[1], 0.8, 0.8, Label.BUILDING, mipmaps(image), at[2]))
    return extras


def _paint_awning(rng: np.random.Generator, width: float, snowy: bool) -> NDArray[np.uint8]:
    colour = vary(rng, _AWNINGS[rng.integers(len(_AWNINGS))], 10)
    image = canvas(24, round(width * 12), SNOW if snowy else (232, 226, 214))
    for at in range(0, 0 if snowy else image.shape[1], 12):
        box(image, at, 0, at + 6, 24, colour)
    box(image, 0, 20, image.shape[1], 24, shade(colour, 0.8))
    return image
