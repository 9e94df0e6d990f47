# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A street built in one season: all that stands still, and how high it is for the sun."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.buildings import raise_building
from structvpr_ros.data.town.distance import put_distance
from structvpr_ros.data.town.ground import Ground, HALF_WIDTH, pave
from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.plots import plan_plots, Plot
from structvpr_ros.data.town.scenery import (grow_trees, Lamp, plan_lamps, plan_trees,
                                             put_borders, put_lamps, put_poles, put_signs, Tree)
from structvpr_ros.data.town.surface import Mesh

CELLS_PER_METRE = 2.5


@dataclass(frozen=True)
class Scene:
    """
    A street in one season.

    :param heights: float32 (H, W), metres; cell (0, 0) begins at (``FIRST_X``,
        ``HALF_WIDTH``), columns go along x, rows along -y, ``CELLS_PER_METRE``.
    """

    street: Street
    mesh: Mesh
    ground: Ground
    lamps: tuple[Lamp, ...]
    heights: NDArray[np.float32]


@lru_cache(maxsize=2)
def build_scene(street: Street, season: str) -> Scene:
    """Build a street; what is built is the same in every season, only dressed otherwise."""
    plots = plan_plots(street)
    trees = plan_trees(street, plots)
    lamps = plan_lamps(street)
    surfaces = [surface for plot in plots if plot.building
                for surface in raise_building(street, plot, season == 'winter')]
    surfaces += grow_trees(street, trees, season)
    surfaces += put_lamps(lamps) + put_signs(street, plots) + put_poles(street)
    surfaces += put_borders(street, plots, season) + put_distance(street)
    return Scene(street, Mesh.of(surfaces), pave(street, plots, trees, season), lamps,
                 _heights(street, plots, trees))


def _heights(street: Street, plots: tuple[Plot, ...],
             trees: tuple[Tree, ...]) -> NDArray[np.float32]:
    length = street.last_x - FIRST_X + 20
    heights = np.zeros((round(2 * HALF_WIDTH * CELLS_PER_METRE),
                        round(length * CELLS_PER_METRE)), np.float32)

    def cells(x: float, y: float) -> tuple[int, int]:
        return (round((x - FIRST_X) * CELLS_PER_METRE - 0.5),
                round((HALF_WIDTH - y) * CELLS_PER_METRE - 0.5))

    for plot in plots:
        if plot.building is None:
            continue
        # Half a metre less all around, so that no wall lies in the shadow of its own building.
        front = street.front(plot.side) + plot.building.setback + 0.5
        outline = [cells(x, float(street.centre(x)) + plot.side * distance)
                   for x, distance in ((plot.start, front), (plot.end, front),
                                       (plot.end, front + plot.building.depth),
                                       (plot.start, front + plot.building.depth))]
        cv2.fillPoly(heights, [np.array(outline, np.int32)], plot.building.height - 0.5)
    for tree in trees:
        cv2.circle(heights, cells(tree.x, tree.y), round(tree.width * 0.42 * CELLS_PER_METRE),
                   tree.height * 0.85, -1)
    return heights
