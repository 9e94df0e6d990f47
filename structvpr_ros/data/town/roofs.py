# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Roofs: gables along or across the street, mansards, flat ones, and chimneys."""

import math

import numpy as np

from structvpr_ros.data.town.frame import Frame
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.plots import Building
from structvpr_ros.data.town.surface import Surface, UP, upright
from structvpr_ros.data.town.texture import (box, canvas, HOLE, mipmaps, noise, shade, SNOW,
                                             solid, Texture, tint, vary)

_TILES = ((128, 66, 50), (92, 84, 82), (110, 88, 74), (70, 72, 78))
_OVERHANG = 0.4
_MANSARD_ANGLE = math.radians(68)


def cover(rng: np.random.Generator, building: Building, frame: Frame,
          snowy: bool) -> list[Surface]:
    """Return the roof of a building."""
    surfaces = _ROOFS[building.roof](building, frame, _paint_tiles(rng, snowy))
    if building.roof != 'flat' and rng.random() < 0.7:
        surfaces.append(_chimney(rng, building, frame, snowy))
    return surfaces


def _gable(building: Building, frame: Frame, tiles: Texture) -> list[Surface]:
    """Return the slope towards the street of a roof whose ridge goes along it."""
    run = building.depth / 2
    slope = building.roof_height / run * UP + frame.back
    return [Surface(frame.point(0, run, building.height), frame.width * frame.right,
                    -(run + _OVERHANG) * slope, Label.BUILDING, tiles)]


def _gable_front(building: Building, frame: Frame, tiles: Texture) -> list[Surface]:
    """Return both slopes of a roof whose ridge goes away from the street."""
    run = frame.width / 2
    rise = building.roof_height / run * UP
    ridge = (building.depth + _OVERHANG) * frame.back
    back, front = (frame.point(run, at, building.height) for at in (building.depth, -_OVERHANG))
    return [Surface(back, -ridge, -(run + _OVERHANG) * (frame.right + rise), Label.BUILDING,
                    tiles),
            Surface(front, ridge, (run + _OVERHANG) * (frame.right - rise), Label.BUILDING,
                    tiles)]


def _mansard(building: Building, frame: Frame, tiles: Texture) -> list[Surface]:
    """Return the steep front of a roof, and its upright end, which leans back with the front."""
    lean = building.roof_height / math.tan(_MANSARD_ANGLE)
    corner, across = frame.side_wall(0, building.depth)
    end = tiles[0].copy()
    rows, columns = end.shape[:2]
    to_front = np.arange(columns) if frame.side < 0 else np.arange(columns)[::-1]
    above_eaves = np.arange(rows)[::-1, None]
    end[to_front / columns * building.depth < above_eaves / rows * lean, 3] = HOLE
    return [Surface(frame.point(0, lean, building.height), frame.width * frame.right,
                    -lean * frame.back - building.roof_height * UP, Label.BUILDING, tiles),
            Surface(corner + building.height * UP, across, -building.roof_height * UP,
                    Label.BUILDING, mipmaps(end))]


def _flat(building: Building, frame: Frame, tiles: Texture) -> list[Surface]:
    """Return the hut for the lift on a tall building; a roof itself cannot be seen."""
    if building.floors < 4:
        return []
    low, size = building.wall_height, 3.0
    start = 0.4 * (frame.width - size)
    hut = Frame(frame.side, frame.point(start, 3.5, low), frame.right, frame.back, size)
    corner, across = hut.side_wall(0, size)
    wall, down = solid(shade(building.style.wall, 0.9)), -2.4 * UP
    return [Surface(hut.point(0, 0, 2.4), size * frame.right, down, Label.BUILDING, wall),
            Surface(corner - down, across, down, Label.BUILDING, wall)]


_ROOFS = {'gable': _gable, 'gable_front': _gable_front, 'mansard': _mansard, 'flat': _flat}


def _chimney(rng: np.random.Generator, building: Building, frame: Frame,
             snowy: bool) -> Surface:
    image = canvas(40, 16, vary(rng, (132, 82, 66), 12))
    image[::4, :, :3] //= 2
    box(image, 0, 0, 16, 5, SNOW if snowy else (96, 90, 86))
    at = frame.point(frame.width * rng.uniform(0.15, 0.85), building.depth * 0.5,
                     building.height - 0.8)
    return upright(at[0], at[1], 0.9, 2.0, Label.BUILDING, mipmaps(image), at[2])


def _paint_tiles(rng: np.random.Generator, snowy: bool) -> Texture:
    image = canvas(96, 128, vary(rng, _TILES[rng.integers(len(_TILES))], 8))
    pattern = 1 + 0.10 * noise(rng, 96, 128, 30, 2)
    pattern += rng.normal(0, 0.05, pattern.shape).astype(np.float32)
    pattern[::5] -= 0.25
    tint(image, pattern)
    # Drawn in every season, so that what is drawn next is the same in all.
    snow = noise(rng, 96, 128, 40, 2) > -0.8
    if snowy:
        image[snow, :3] = SNOW
    return mipmaps(image)
