# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where trees stand: in parks and gardens, and in rows along the pavement."""

from dataclasses import dataclass

import numpy as np

from structvpr_ros.data.town.foliage import paint_tree, SHAPES
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.plots import Plot
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.surface import Surface, upright
from structvpr_ros.data.town.texture import mipmaps

# Metres, width and height of a tree of average size.
_SIZES = {'round': (5.0, 7.5), 'wide': (6.5, 7.5), 'column': (2.6, 9.0), 'conifer': (3.6, 9.0)}


@dataclass(frozen=True)
class Tree:
    """A tree: where it stands (metres, street's frame), its shape, width and height (metres)."""

    x: float
    y: float
    shape: str
    width: float
    height: float


def plan_trees(street: Street, plots: tuple[Plot, ...]) -> tuple[Tree, ...]:
    """Plan the trees of parks and gardens, and rows of them along some stretches of pavement."""
    trees = [tree for plot in plots for tree in _plan_garden(street, plot)]
    return tuple(trees + _plan_row(street, 1) + _plan_row(street, -1))


def _plan_garden(street: Street, plot: Plot) -> list[Tree]:
    rng = stream(street.seed, 'trees', street.name, plot.key)
    counts = {'park': (2, 5), 'house': (0, 2), 'yard': (0, 1)}
    if plot.kind not in counts:
        return []
    trees = []
    for _ in range(rng.integers(*counts[plot.kind], endpoint=True)):
        x = rng.uniform(plot.start + 1, plot.end - 1)
        distance = street.front(plot.side) + rng.uniform(1.5, 12 if plot.kind == 'park' else 3)
        trees.append(_plan_tree(rng, street, x, plot.side * distance, str(rng.choice(SHAPES))))
    return trees


def _plan_row(street: Street, side: int) -> list[Tree]:
    """Plan rows of one kind of tree, each followed by a stretch without."""
    rng = stream(street.seed, 'row', street.name, 1 + side)
    trees, x = [], FIRST_X + rng.uniform(0, 20)
    while x < street.last_x:
        shape, size = str(rng.choice(SHAPES[:3])), rng.uniform(0.6, 0.9)
        for _ in range(rng.integers(1, 5)):
            trees.append(_plan_tree(rng, street, x, side * (street.kerb(side) + 0.7), shape,
                                    size))
            x += rng.uniform(7, 13)
        x += rng.uniform(8, 45)
    return trees


def _plan_tree(rng: np.random.Generator, street: Street, x: float, offset: float, shape: str,
               size: float = 1.0) -> Tree:
    width, height = _SIZES[shape]
    return Tree(float(x), float(street.centre(x) + offset), shape,
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
