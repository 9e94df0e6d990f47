# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Raising buildings: front, the side wall that those who come along see, roof, chimney."""

from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.facades import paint_front, paint_wall, TEXELS_PER_METRE
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import Street
from structvpr_ros.data.town.openings import paint_window
from structvpr_ros.data.town.plots import Building, KINDS, Plot
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.surface import Surface, upright
from structvpr_ros.data.town.texture import (box, canvas, HOLE, LAMP, mipmaps, noise, shade,
                                             solid, Texture, tint, vary)

_TILES = ((128, 66, 50), (92, 84, 82), (110, 88, 74), (70, 72, 78))
_SNOW = (236, 240, 247)
_UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Frame:
    """
    The frame of a building: to the right as seen from the street, back, and up.

    :param side: of the street, 1 left, -1 right.
    :param origin: (3,) the left end of its front, on the ground.
    :param right: (3,) unit vector.
    :param back: (3,) unit vector.
    :param width: metres.
    """

    side: int
    origin: NDArray[np.float64]
    right: NDArray[np.float64]
    back: NDArray[np.float64]
    width: float

    def point(self, right: float, back: float, up: float) -> NDArray[np.float64]:
        """Return a point in the street's frame."""
        return self.origin + right * self.right + back * self.back + up * _UP


def frame_of(street: Street, plot: Plot) -> Frame:
    """Return the frame of what stands on a plot, from the pavement (and margin) on."""
    margin = KINDS[plot.kind].margin
    setback = plot.building.setback if plot.building else 0.0
    ends = [np.array([x, street.centre(x) + plot.side * (street.front(plot.side) + setback), 0.0])
            for x in (plot.start + margin, plot.end - margin)]
    left, right = ends if plot.side > 0 else ends[::-1]
    width = float(np.linalg.norm(right - left))
    along = (right - left) / width
    return Frame(plot.side, left, along, np.array([-along[1], along[0], 0.0]), width)


def raise_building(street: Street, plot: Plot, snowy: bool) -> list[Surface]:
    """Return the surfaces of the building of a plot."""
    rng = stream(street.seed, 'building', street.name, plot.key)
    building, frame = plot.building, frame_of(street, plot)
    assert building is not None
    tiles = _paint_tiles(rng, snowy)
    surfaces = [_front(rng, building, frame, snowy), _side(rng, building, frame)]
    surfaces += _ROOFS[building.roof](building, frame, tiles)
    if building.roof != 'flat' and rng.random() < 0.7:
        surfaces.append(_chimney(rng, building, frame, snowy))
    if building.ground_floor == 'shop' and building.setback < 1:
        surfaces += _shop_extras(rng, building, frame, snowy)
    return surfaces


def _front(rng: np.random.Generator, building: Building, frame: Frame, snowy: bool) -> Surface:
    image = paint_front(rng, building.style, frame.width, building.floors, building.ground_floor,
                        snowy)
    height = building.wall_height
    if building.roof == 'gable_front':
        gable = paint_wall(rng, building.style, frame.width, building.roof_height)
        size = (building.style.window[0] * 0.8, building.style.window[1] * 0.8)
        if building.roof_height > 3:
            paint_window(rng, gable, gable.shape[1] / 2, gable.shape[0] * 0.55, size,
                         building.style.trim, (2, 2), (), False, snowy, TEXELS_PER_METRE)
        _cut_gable(gable)
        image = np.concatenate([gable, image])
        height += building.roof_height
    return Surface(frame.point(0, 0, height), frame.width * frame.right, -height * _UP,
                   Label.BUILDING, mipmaps(image))


def _side(rng: np.random.Generator, building: Building, frame: Frame) -> Surface:
    """Return the side wall that faces those who drive along the street."""
    height, gabled = building.wall_height, building.roof == 'gable'
    total = height + (building.roof_height if gabled else 0)
    image = paint_wall(rng, building.style, building.depth, total)
    storey = building.style.floor_height
    for floor in range(building.floors if rng.random() < 0.6 else 0):
        top = image.shape[0] - ((floor + 1) * storey - 0.6) * TEXELS_PER_METRE
        for share in (0.3, 0.7):
            paint_window(rng, image, share * image.shape[1], top, (0.8, 1.2),
                         building.style.trim, (2, 1), (), False, False, TEXELS_PER_METRE)
    if gabled:
        gable = image[:round(building.roof_height * TEXELS_PER_METRE)]
        _cut_gable(gable)
    if frame.side > 0:
        return Surface(frame.point(0, building.depth, total), -building.depth * frame.back,
                       -total * _UP, Label.BUILDING, mipmaps(image))
    return Surface(frame.point(frame.width, 0, total), building.depth * frame.back, -total * _UP,
                   Label.BUILDING, mipmaps(image))


def _gable_roof(building: Building, frame: Frame, tiles: Texture) -> list[Surface]:
    eaves, run = building.wall_height, building.depth / 2
    drop = 0.4
    slope = building.roof_height / run
    down = -(run + drop) * frame.back - (building.roof_height + drop * slope) * _UP
    return [Surface(frame.point(0, run, eaves + building.roof_height),
                    frame.width * frame.right, down, Label.BUILDING, tiles)]


def _gable_front_roof(building: Building, frame: Frame, tiles: Texture) -> list[Surface]:
    half, drop = frame.width / 2, 0.35
    slope = building.roof_height / half
    fall = (building.roof_height + drop * slope) * _UP
    ridge = building.wall_height + building.roof_height
    left = Surface(frame.point(half, building.depth, ridge),
                   -(building.depth + 0.4) * frame.back, -(half + drop) * frame.right - fall,
                   Label.BUILDING, tiles)
    right = Surface(frame.point(half, -0.4, ridge),
                    (building.depth + 0.4) * frame.back, (half + drop) * frame.right - fall,
                    Label.BUILDING, tiles)
    return [left, right]


def _mansard_roof(building: Building, frame: Frame, tiles: Texture) -> list[Surface]:
    eaves, lean = building.wall_height, building.roof_height / math.tan(math.radians(68))
    top = eaves + building.roof_height
    front = Surface(frame.point(0, lean, top), frame.width * frame.right,
                    -lean * frame.back - building.roof_height * _UP, Label.BUILDING, tiles)
    end = (Surface(frame.point(0, building.depth, top), -(building.depth - lean) * frame.back,
                   -building.roof_height * _UP, Label.BUILDING, tiles) if frame.side > 0 else
           Surface(frame.point(frame.width, lean, top), (building.depth - lean) * frame.back,
                   -building.roof_height * _UP, Label.BUILDING, tiles))
    return [front, end]


def _flat_roof(building: Building, frame: Frame, tiles: Texture) -> list[Surface]:
    """Return what sticks out of a flat roof: a hut for the lift or the stairs."""
    if building.floors < 4:
        return []
    height, width = 2.4, 3.0
    centre = frame.point(frame.width * 0.4, 3.5, building.wall_height)
    hut = solid(shade(building.style.wall, 0.9))
    return [Surface(centre + height * _UP, width * frame.right, -height * _UP, Label.BUILDING,
                    hut),
            upright(centre[0] + (0 if frame.side > 0 else -width), centre[1] + 1.4 * frame.side,
                    2.8, height, Label.BUILDING, hut, building.wall_height)]


_ROOFS = {'gable': _gable_roof, 'gable_front': _gable_front_roof, 'mansard': _mansard_roof,
          'flat': _flat_roof}


def _chimney(rng: np.random.Generator, building: Building, frame: Frame, snowy: bool) -> Surface:
    image = canvas(40, 16, vary(rng, (132, 82, 66), 12))
    image[::4, :, :3] //= 2
    box(image, 0, 0, 16, 5, _SNOW if snowy else (96, 90, 86))
    at = frame.point(frame.width * rng.uniform(0.15, 0.85), building.depth * 0.5,
                     building.height - 0.8)
    return upright(at[0], at[1], 0.9, 2.0, Label.BUILDING, mipmaps(image), at[2])


def _shop_extras(rng: np.random.Generator, building: Building, frame: Frame,
                 snowy: bool) -> list[Surface]:
    """Return an awning and a sign that hangs out over the pavement, each with some luck."""
    extras = []
    low = building.style.floor_height - 0.75
    if rng.random() < 0.5:
        colour = vary(rng, ((168, 52, 48), (52, 92, 72), (60, 76, 120))[rng.integers(3)], 10)
        image = canvas(24, round(frame.width * 12), _SNOW if snowy else (232, 226, 214))
        if not snowy:
            for at in range(0, image.shape[1], 12):
                box(image, at, 0, at + 6, 24, colour)
        box(image, 0, 20, image.shape[1], 24, shade(colour, 0.8))
        extras.append(Surface(frame.point(0.2, 0, low), (frame.width - 0.4) * frame.right,
                              -1.1 * frame.back - 0.55 * _UP, Label.BUILDING, mipmaps(image)))
    if rng.random() < 0.6:
        image = canvas(24, 24, vary(rng, (150, 60, 50), 60), LAMP)
        box(image, 4, 4, 20, 20, (240, 236, 226), LAMP)
        box(image, 8, 7, 16, 17, vary(rng, (90, 60, 60), 50), LAMP)
        at = frame.point(frame.width * rng.uniform(0.1, 0.9), -0.5, low + 0.9)
        extras.append(upright(at[0], at[1], 0.8, 0.8, Label.BUILDING, mipmaps(image), at[2]))
    return extras


def _paint_tiles(rng: np.random.Generator, snowy: bool) -> Texture:
    image = canvas(96, 128, vary(rng, _TILES[rng.integers(len(_TILES))], 8))
    pattern = 1 + 0.10 * noise(rng, 96, 128, 30, 2)
    pattern += rng.normal(0, 0.05, pattern.shape).astype(np.float32)
    pattern[::5] -= 0.25
    tint(image, pattern)
    # Drawn in every season, so that the next draws of the stream are the same in all.
    cover = noise(rng, 96, 128, 40, 2) > -0.8
    if snowy:
        image[cover, :3] = _SNOW
    return mipmaps(image)


def _cut_gable(image: NDArray[np.uint8]) -> None:
    """Make holes left and right of a gable that fills the image, with a trim along its edges."""
    rows, columns = image.shape[:2]
    edge = np.abs(np.arange(columns) - (columns - 1) / 2) * (2 * rows / columns)
    above = np.arange(rows)[:, None] - edge[None]
    image[(above >= 0) & (above < 7), :3] = (216, 210, 200)
    image[above < 0, 3] = HOLE
