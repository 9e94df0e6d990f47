# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The ground of a street seen from above: road, markings, pavements, lawns, and their classes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.plots import Plot
from structvpr_ros.data.town.scenery import Tree
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.texture import (canvas, Colour, mipmaps, noise, OPAQUE, shade,
                                             tint, vary)

TEXELS_PER_METRE = 14
HALF_WIDTH = 26.0
_MARKING = (214, 214, 208)
_PAVED = ('terrace', 'block', 'shop', 'tower')


@dataclass(frozen=True)
class Ground:
    """
    A flat picture of the ground at z = 0.

    :param corner: (3,) metres, where texel (0, 0) begins; across goes along x, down along -y.
    :param colours: RGBA and its mipmaps.
    :param classes: uint8 (H, W), of the size of the first of ``colours``.
    """

    corner: NDArray[np.float64]
    across: NDArray[np.float64]
    down: NDArray[np.float64]
    colours: tuple[NDArray[np.uint8], ...]
    classes: NDArray[np.uint8]
    texels_per_metre: float = TEXELS_PER_METRE


def pave(street: Street, plots: tuple[Plot, ...], trees: tuple[Tree, ...], season: str) -> Ground:
    """Paint the ground of a street for a season."""
    plan = _Plan(street)
    rng = stream(street.seed, 'ground', street.name)
    _paint_plots(plan, plots)
    _paint_pavements(plan)
    _paint_road(plan, rng, plots)
    _roughen(plan, rng)
    if season == 'winter':
        _snow_over(plan, rng)
    if season == 'autumn':
        _strew_leaves(plan, rng, trees)
    _darken_along_walls(plan, plots)
    return plan.finished()


class _Plan:
    """The picture while it is painted, in metres of the street's frame."""

    def __init__(self, street: Street) -> None:
        self.street = street
        length = street.last_x - FIRST_X + 20
        self.image = canvas(round(2 * HALF_WIDTH * TEXELS_PER_METRE),
                            round(length * TEXELS_PER_METRE), (92, 104, 62))
        self.classes = np.full(self.image.shape[:2], Label.TERRAIN, np.uint8)

    def texels(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        points = np.stack([x - FIRST_X, HALF_WIDTH - y], axis=-1) * TEXELS_PER_METRE
        return np.round(points - 0.5).astype(np.int32)

    def strip(self, start: float, end: float, low: float, high: float, colour: Colour,
              label: Label) -> None:
        """Fill what lies between two distances from the centre line, from start to end."""
        x = np.linspace(start, end, max(2, int((end - start) / 4)))
        outline = np.concatenate([self.texels(x, self.street.centre(x) + high),
                                  self.texels(x, self.street.centre(x) + low)[::-1]])
        cv2.fillPoly(self.image, [outline], (*(int(part) for part in colour), OPAQUE))
        cv2.fillPoly(self.classes, [outline], int(label))

    def along(self, low: float, high: float, colour: Colour, label: Label) -> None:
        """Fill a strip all along the street."""
        self.strip(FIRST_X - 20, self.street.last_x + 20, low, high, colour, label)

    def finished(self) -> Ground:
        rows, columns = self.classes.shape
        return Ground(np.array([FIRST_X, HALF_WIDTH, 0.0]),
                      np.array([columns / TEXELS_PER_METRE, 0, 0]),
                      np.array([0, -rows / TEXELS_PER_METRE, 0]),
                      mipmaps(self.image)[:6], self.classes)


def _paint_plots(plan: _Plan, plots: tuple[Plot, ...]) -> None:
    for plot in plots:
        front = plan.street.front(plot.side)
        low, high = sorted((plot.side * (front - 0.3), plot.side * HALF_WIDTH * 1.2))
        if plot.kind in _PAVED:
            plan.strip(plot.start, plot.end, low, high, (146, 142, 136), Label.SIDEWALK)
        elif plot.kind == 'yard':
            plan.strip(plot.start, plot.end, low, high, (138, 124, 104), Label.TERRAIN)
        elif plot.kind == 'house':
            drive = plot.start + 0.25 * (plot.end - plot.start)
            plan.strip(drive, drive + 2.6, low, high, (140, 132, 124), Label.SIDEWALK)


def _paint_pavements(plan: _Plan) -> None:
    street = plan.street
    for side in (1, -1):
        kerb, front = street.kerb(side), street.front(side)
        low, high = sorted((side * kerb, side * front))
        plan.along(low, high, (158, 154, 148), Label.SIDEWALK)
        for joint in np.arange(kerb + 0.6, front, 0.6):
            plan.along(side * joint - 0.02, side * joint + 0.02, (126, 122, 116), Label.SIDEWALK)
        low, high = sorted((side * kerb, side * (kerb + 0.18)))
        plan.along(low, high, (186, 184, 178), Label.SIDEWALK)
    slab = np.arange(FIRST_X, street.last_x + 20, 0.9)
    for x in slab:
        for side in (1, -1):
            ends = street.centre(x) + side * np.array([street.kerb(side), street.front(side)])
            start, end = plan.texels(np.array([x, x]), ends)
            cv2.line(plan.image, start.tolist(), end.tolist(), (134, 130, 124, OPAQUE), 1)


def _paint_road(plan: _Plan, rng: np.random.Generator, plots: tuple[Plot, ...]) -> None:
    street = plan.street
    asphalt = vary(rng, (92, 92, 94), 8)
    for plot in plots:
        if plot.kind == 'crossing':
            low, high = sorted((0.0, plot.side * HALF_WIDTH * 1.2))
            plan.strip(plot.start + 1, plot.end - 1, low, high, asphalt, Label.ROAD)
    plan.along(-street.kerb(-1), street.kerb(1), asphalt, Label.ROAD)
    for side in (1, -1):
        for wheel in (0.32, 0.74):
            track = side * street.lane * wheel
            plan.along(track - 0.25, track + 0.25, shade(asphalt, 0.93), Label.ROAD)
    _patch(plan, rng, asphalt)
    _mark(plan, rng, plots)


def _patch(plan: _Plan, rng: np.random.Generator, asphalt: Colour) -> None:
    """Paint repaired patches, manholes and cracks."""
    street = plan.street
    for x in rng.uniform(FIRST_X, street.last_x, 22):
        across, width = rng.uniform(-street.lane, street.lane - 1), rng.uniform(0.8, 2.2)
        colour = shade(asphalt, rng.uniform(0.72, 1.15))
        plan.strip(x, x + rng.uniform(1, 6), across, across + width, colour, Label.ROAD)
    for x in rng.uniform(FIRST_X, street.last_x, 14):
        at = plan.texels(np.array(x), street.centre(x) + rng.uniform(-1, 1) * street.lane)
        cv2.circle(plan.image, at.tolist(), 5, (62, 60, 60, OPAQUE), -1)
        cv2.circle(plan.image, at.tolist(), 5, (112, 110, 106, OPAQUE), 1)
    for x in rng.uniform(FIRST_X, street.last_x, 30):
        steps = np.cumsum(rng.normal(0, 0.5, (8, 2)), axis=0)
        crack = plan.texels(x + steps[:, 0], street.centre(x) + steps[:, 1])
        cv2.polylines(plan.image, [crack], False, (60, 60, 62, OPAQUE), 1)


def _mark(plan: _Plan, rng: np.random.Generator, plots: tuple[Plot, ...]) -> None:
    """Paint the centre line, parking bays, and zebra crossings beside other streets."""
    street = plan.street
    dash, gap = float(rng.uniform(2, 4)), float(rng.uniform(2, 5))
    for x in np.arange(FIRST_X, street.last_x + 20, dash + gap):
        plan.strip(x, x + dash, -0.07, 0.07, _MARKING, Label.ROAD)
    for side, parked in zip((1, -1), street.parking):
        if parked:
            low, high = sorted((side * street.lane, side * (street.lane + 0.1)))
            plan.along(low, high, _MARKING, Label.ROAD)
            for x in np.arange(FIRST_X, street.last_x, 5.6):
                low, high = sorted((side * street.lane, side * street.kerb(side)))
                plan.strip(x, x + 0.1, low, high, _MARKING, Label.ROAD)
    for plot in plots:
        if plot.kind == 'crossing' and rng.random() < 0.75:
            start = plot.start - 3.6
            for bar in np.arange(-street.kerb(-1) + 0.3, street.kerb(1) - 0.5, 1.0):
                plan.strip(start, start + 3, bar, bar + 0.5, _MARKING, Label.ROAD)


def _roughen(plan: _Plan, rng: np.random.Generator) -> None:
    """Multiply by a noise that repeats every few metres, as finely as the texels are."""
    size = 448
    tile = 1 + 0.07 * noise(rng, size, size, 60, 3)
    tile += rng.normal(0, 0.05, tile.shape).astype(np.float32)
    rows, columns = plan.classes.shape
    grass = plan.classes == Label.TERRAIN
    for left in range(0, columns, size):
        for top in range(0, rows, size):
            part = np.s_[top:top + size, left:left + size]
            change = tile[:plan.image[part].shape[0], :plan.image[part].shape[1]]
            tint(plan.image[part], np.where(grass[part], 2.2 * change - 1.2, change))


def _snow_over(plan: _Plan, rng: np.random.Generator) -> None:
    """Lay snow on everything; wheels and feet have worn it down where they go."""
    street = plan.street
    worn = np.zeros(plan.classes.shape, np.float32)
    x = np.arange(FIRST_X - 2, street.last_x + 20, 4.0)
    paths = [(side * street.lane * wheel, 0.55, 0.85) for side in (1, -1)
             for wheel in (0.3, 0.72)]
    paths += [(side * (street.kerb(side) + 0.5 * street.pavement), 0.8, 0.45)
              for side in (1, -1)]
    for offset, width, depth in paths:
        line = plan.texels(x, street.centre(x) + offset)
        cv2.polylines(worn, [line], False, depth, round(width * TEXELS_PER_METRE))
    worn = cv2.blur(worn, (5, 5))
    worn += 0.30 * np.tile(noise(rng, 364, 512, 36, 3), (
        -(-worn.shape[0] // 364), -(-worn.shape[1] // 512)))[:worn.shape[0], :worn.shape[1]]
    cover = (0.98 - worn.clip(0, 1))[..., None]
    snow = np.array([228, 233, 242], np.float32)
    plan.image[..., :3] = (plan.image[..., :3] * (1 - cover) + snow * cover).astype(np.uint8)


def _strew_leaves(plan: _Plan, rng: np.random.Generator, trees: tuple[Tree, ...]) -> None:
    palette = np.array([(186, 112, 40), (204, 158, 60), (150, 84, 44), (120, 88, 50)])
    for tree in trees:
        count = int(90 * tree.width) if tree.shape != 'conifer' else 40
        spread = rng.normal(0, tree.width * 0.55, (count, 2))
        at = plan.texels(tree.x + spread[:, 0], tree.y + spread[:, 1])
        colours = palette[rng.integers(len(palette), size=count)]
        inside = ((at >= 0) & (at < np.array(plan.classes.shape[::-1]) - 2)).all(axis=1)
        for (column, row), colour in zip(at[inside].tolist(), colours[inside]):
            plan.image[row:row + 2, column:column + 2, :3] = colour


def _darken_along_walls(plan: _Plan, plots: tuple[Plot, ...]) -> None:
    """Darken the ground near buildings, which hide half of the sky from it."""
    built = np.zeros(plan.classes.shape, np.uint8)
    for plot in plots:
        if plot.building is None:
            continue
        x = np.array([plot.start, plot.end])
        front = plan.street.front(plot.side) + plot.building.setback
        y = plan.street.centre(x)
        outline = np.concatenate([plan.texels(x, y + plot.side * front),
                                  plan.texels(x, y + plot.side * HALF_WIDTH)[::-1]])
        cv2.fillPoly(built, [outline], 255)
    small = cv2.resize(built, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    hidden = cv2.GaussianBlur(small, (0, 0), TEXELS_PER_METRE * 0.25 * 0.9)
    hidden = cv2.resize(hidden, built.shape[::-1], interpolation=cv2.INTER_LINEAR)
    factor = cv2.merge([255 - hidden // 2] * 3 + [np.full_like(hidden, 255)])
    plan.image = cv2.multiply(plan.image, factor, scale=1 / 255)
