# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What stands between the buildings and the road: trees, lamps, signs, fences, hedges, walls."""

from dataclasses import dataclass

import numpy as np

from structvpr_ros.data.town.foliage import paint_hedge, paint_tree, SHAPES
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.plots import Plot
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.street_furniture import (paint_fence, paint_lamp, paint_masonry,
                                                      paint_sign, paint_signal)
from structvpr_ros.data.town.surface import Surface, upright
from structvpr_ros.data.town.texture import mipmaps, solid

_POLE = (92, 94, 94)


@dataclass(frozen=True)
class Tree:
    """A tree: where it stands (metres, street's frame), its shape, width and height (metres)."""

    x: float
    y: float
    shape: str
    width: float
    height: float


@dataclass(frozen=True)
class Lamp:
    """A street lamp: where its pole stands, where its head hangs, and how high (metres)."""

    x: float
    y: float
    head_y: float
    height: float


def plan_trees(street: Street, plots: tuple[Plot, ...]) -> tuple[Tree, ...]:
    """Plan the trees of parks and gardens, and rows of them along some stretches of pavement."""
    trees = []
    for plot in plots:
        rng = stream(street.seed, 'trees', street.name, plot.key)
        counts = {'park': rng.integers(2, 6), 'house': rng.integers(0, 3),
                  'yard': rng.integers(0, 2)}
        for _ in range(counts.get(plot.kind, 0)):
            x = rng.uniform(plot.start + 1, plot.end - 1)
            depth = rng.uniform(1.5, 12 if plot.kind == 'park' else 3.0)
            trees.append(_plan_tree(rng, street, x, plot.side, street.front(plot.side) + depth))
    for side in (1, -1):
        rng = stream(street.seed, 'avenue', street.name, 1 + side)
        x = FIRST_X + rng.uniform(0, 20)
        while x < street.last_x:
            # A row of one kind of tree, then a stretch without.
            shape, size = str(rng.choice(SHAPES[:3])), rng.uniform(0.6, 0.9)
            for _ in range(rng.integers(1, 5)):
                trees.append(_plan_tree(rng, street, x, side, street.kerb(side) + 0.7, shape,
                                        size))
                x += rng.uniform(7, 13)
            x += rng.uniform(8, 45)
    return tuple(trees)


def _plan_tree(rng: np.random.Generator, street: Street, x: float, side: int, distance: float,
               shape: str = '', size: float = 1.0) -> Tree:
    shape = shape or str(rng.choice(SHAPES))
    width, height = {'round': (5.0, 7.5), 'wide': (6.5, 7.5), 'column': (2.6, 9.0),
                     'conifer': (3.6, 9.0)}[shape]
    return Tree(float(x), float(street.centre(x) + side * distance), shape,
                float(width * size * rng.uniform(0.8, 1.25)),
                float(height * size * rng.uniform(0.75, 1.3)))


def grow_trees(street: Street, trees: tuple[Tree, ...], season: str) -> list[Surface]:
    """Return the surfaces of trees."""
    surfaces = []
    for number, tree in enumerate(trees):
        image = paint_tree(stream(street.seed, 'tree', street.name, number), tree.shape,
                           tree.width, tree.height, season)
        surfaces.append(upright(tree.x, tree.y, tree.width, tree.height, Label.VEGETATION,
                                mipmaps(image)))
    return surfaces


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
    pole, surfaces = solid(_POLE), []
    for lamp in lamps:
        surfaces.append(upright(lamp.x, lamp.y, 0.16, lamp.height, Label.POLE, pole))
        reach = lamp.head_y - lamp.y
        width = abs(reach) + 0.8
        surfaces.append(upright(lamp.x - 0.05, lamp.y + reach / 2, width, 0.8, Label.POLE,
                                mipmaps(paint_lamp(width, 0.8, reach)), lamp.height - 0.5))
    return surfaces


def put_signs(street: Street, plots: tuple[Plot, ...]) -> list[Surface]:
    """Return traffic signs along the street, and lights and signs where others cross it."""
    rng = stream(street.seed, 'signs', street.name)
    pole, surfaces = solid((128, 130, 130)), []
    x = FIRST_X + rng.uniform(0, 15)
    while x < street.last_x:
        side = -1 if rng.random() < 0.75 else 1
        y = float(street.centre(x)) + side * (street.kerb(side) + 0.35)
        image, height = paint_sign(rng), float(rng.uniform(2.3, 3.0))
        size = float(rng.uniform(0.65, 0.95))
        surfaces += [upright(x, y, 0.08, height, Label.POLE, pole),
                     upright(x - 0.05, y, size, size * image.shape[0] / image.shape[1],
                             Label.TRAFFIC_SIGN, mipmaps(image), height - 0.25)]
        x += rng.uniform(9, 40)
    for plot in plots:
        if plot.kind == 'crossing' and rng.random() < 0.6:
            y = float(street.centre(plot.start)) - (street.kerb(-1) + 0.4)
            image = paint_signal(rng)
            surfaces += [upright(plot.start - 1, y, 0.12, 3.4, Label.POLE, pole),
                         upright(plot.start - 1.05, y, 0.36, 1.0, Label.TRAFFIC_LIGHT,
                                 mipmaps(image), 2.5)]
    return surfaces


def put_poles(street: Street) -> list[Surface]:
    """Return wooden utility poles, where the street has them, and bollards."""
    rng = stream(street.seed, 'poles', street.name)
    surfaces, wood = [], solid((98, 80, 64))
    if rng.random() < 0.5:
        side, x = int(rng.choice([1, -1])), FIRST_X + rng.uniform(0, 30)
        while x < street.last_x:
            y = float(street.centre(x)) + side * (street.front(side) - 0.3)
            surfaces += [upright(x, y, 0.24, 9.0, Label.POLE, wood),
                         upright(x, y, 1.9, 0.16, Label.POLE, wood, 8.2)]
            x += rng.uniform(24, 40)
    iron = solid((58, 60, 62))
    for x in rng.uniform(FIRST_X, street.last_x, 6):
        side = int(rng.choice([1, -1]))
        for step in range(rng.integers(2, 6)):
            at = x + 1.6 * step
            surfaces.append(upright(at, float(street.centre(at)) + side * (
                street.kerb(side) + 0.3), 0.14, 0.95, Label.POLE, iron))
    return surfaces


def put_borders(street: Street, plots: tuple[Plot, ...], season: str) -> list[Surface]:
    """Return the walls, fences and hedges of plots: along the pavement, and down their side."""
    surfaces = []
    for plot in plots:
        if plot.border == 'none':
            continue
        rng = stream(street.seed, 'border', street.name, plot.key)
        height = float(rng.uniform(0.9, 2.1))
        left, right = (np.array([x, street.centre(x) + plot.side * street.front(plot.side), 0])
                       for x in (plot.start, plot.end)[::plot.side])
        along = right - left
        gate = rng.uniform(0.25, 0.6), float(1.3 / np.linalg.norm(along))
        back = np.array([-along[1], along[0], 0]) / np.linalg.norm(along)
        ends = left if plot.side > 0 else right
        runs = [(left, along * gate[0]), (left + along * sum(gate), along * (1 - sum(gate))),
                (ends + 5 * back, -5 * back) if plot.side > 0 else (ends, 5 * back)]
        for corner, run in runs:
            label, image = _border(rng, plot.border, float(np.linalg.norm(run)), height, season)
            surfaces.append(Surface(corner + [0, 0, height], run, np.array([0, 0, -height]),
                                    label, mipmaps(image)))
    return surfaces


def _border(rng: np.random.Generator, kind: str, width: float, height: float,
            season: str) -> tuple[Label, np.ndarray]:
    if kind == 'hedge':
        return Label.VEGETATION, paint_hedge(rng, width, height, season)
    if kind == 'fence':
        return Label.FENCE, paint_fence(rng, width, height)
    return Label.WALL, paint_masonry(rng, width, height, season == 'winter')
