# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A street built in one season: all that stands still, and how high it is for the sun."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.borders import put_borders
from structvpr_ros.data.town.buildings import raise_building
from structvpr_ros.data.town.distance import put_distance
from structvpr_ros.data.town.grid import Grid
from structvpr_ros.data.town.ground import Ground, pave
from structvpr_ros.data.town.lamps import Lamp, plan_lamps, put_lamps
from structvpr_ros.data.town.layout import Street
from structvpr_ros.data.town.plots import plan_plots, Plot
from structvpr_ros.data.town.signs import put_poles, put_signals, put_signs
from structvpr_ros.data.town.surface import Mesh
from structvpr_ros.data.town.trees import grow_trees, plan_trees, Tree

_CELLS_PER_METRE = 2.5


@dataclass(frozen=True)
class Scene:
    """
    A street in one season.

    :param grid: the cells of ``heights``.
    :param heights: float32 (H, W), metres, of what throws a shadow.
    """

    street: Street
    mesh: Mesh
    ground: Ground
    lamps: tuple[Lamp, ...]
    grid: Grid
    heights: NDArray[np.float32]


@lru_cache(maxsize=2)
def build_scene(street: Street, season: str) -> Scene:
    """Build a street; what is built is the same in every season, only dressed otherwise."""
    plots = plan_plots(street)
    trees = plan_trees(street, plots)
    lamps = plan_lamps(street)
    surfaces = [surface for plot in plots if plot.building
                for surface in raise_building(street, plot, plot.building, season == 'winter')]
    surfaces += grow_trees(street, trees, season) + put_borders(street, plots, season)
    surfaces += put_lamps(lamps) + put_signs(street) + put_signals(street, plots)
    surfaces += put_poles(street) + put_distance(street)
    grid = Grid(street, _CELLS_PER_METRE)
    return Scene(street, Mesh.of(surfaces), pave(street, plots, trees, season), lamps, grid,
                 _heights(grid, plots, trees))


def _heights(grid: Grid, plots: tuple[Plot, ...],
             trees: tuple[Tree, ...]) -> NDArray[np.float32]:
    heights = np.zeros(grid.shape, np.float32)
    for plot in plots:
        if plot.building is not None:
            # Half a metre less, so that no wall lies in the shadow of its own building.
            front = grid.street.front(plot.side) + plot.building.setback + 0.5
            outline = grid.outline(np.array([plot.start, plot.end]), plot.side * front,
                                   plot.side * (front + plot.building.depth))
            cv2.fillPoly(heights, [outline], plot.building.height - 0.5)
    for tree in trees:
        at = round(grid.column(tree.x)), round(grid.row(tree.y))
        cv2.circle(heights, at, round(tree.width * 0.42 * grid.density), tree.height * 0.85, -1)
    return heights
