# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What lies on the ground or changes its look: grain, snow, leaves, the shade of walls."""

import cv2
import numpy as np

from structvpr_ros.data.town.grid import HALF_WIDTH
from structvpr_ros.data.town.ground_plan import GroundPlan, TEXELS_PER_METRE
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X
from structvpr_ros.data.town.plots import Plot
from structvpr_ros.data.town.texture import noise, SNOW, tint
from structvpr_ros.data.town.trees import Tree

_TILE = 448
_LEAVES = np.array([(186, 112, 40), (204, 158, 60), (150, 84, 44), (120, 88, 50)])


def roughen(plan: GroundPlan, rng: np.random.Generator) -> None:
    """Give the ground a grain as fine as the texels, which repeats; grass has more of it."""
    tile = 1 + 0.07 * noise(rng, _TILE, _TILE, 60, 3)
    tile += rng.normal(0, 0.05, tile.shape).astype(np.float32)
    rows, columns = plan.classes.shape
    grass = plan.classes == Label.TERRAIN
    for left in range(0, columns, _TILE):
        for top in range(0, rows, _TILE):
            part = np.s_[top:top + _TILE, left:left + _TILE]
            change = tile[:grass[part].shape[0], :grass[part].shape[1]]
            tint(plan.image[part], np.where(grass[part], 2.2 * change - 1.2, change))


def snow_over(plan: GroundPlan, rng: np.random.Generator) -> None:
    """Lay snow on everything; wheels and feet have worn it down where they go."""
    street = plan.street
    worn = np.zeros(plan.classes.shape, np.float32)
    x = np.arange(FIRST_X - 2, street.last_x + 20, 4.0)
    for side in (1, -1):
        path = street.kerb(side) + 0.5 * street.pavement
        for offset, width, depth in ((0.30 * street.lane, 0.55, 0.85),
                                     (0.72 * street.lane, 0.55, 0.85), (path, 0.8, 0.45)):
            cv2.fillPoly(worn, [plan.grid.outline(x, side * offset - width / 2,
                                                  side * offset + width / 2)], depth)
    worn = cv2.blur(worn, (5, 5))
    drift = 0.30 * noise(rng, _TILE, _TILE, 36, 3)
    repeats = [-(-size // _TILE) for size in worn.shape]
    worn += np.tile(drift, repeats)[:worn.shape[0], :worn.shape[1]]
    cover = (0.98 - worn.clip(0, 1))[..., None]
    bare = plan.image[..., :3]
    bare[:] = (bare + (np.float32(SNOW) - bare) * cover).astype(np.uint8)


def strew_leaves(plan: GroundPlan, rng: np.random.Generator, trees: tuple[Tree, ...]) -> None:
    """Strew leaves below trees and around them."""
    size = np.array(plan.classes.shape[::-1])
    for tree in trees:
        count = int(220 * tree.width) if tree.shape != 'conifer' else 60
        spread = rng.normal(0, tree.width * 0.6, (count, 2))
        cells = np.stack([plan.grid.column(tree.x + spread[:, 0]),
                          plan.grid.row(tree.y + spread[:, 1])], axis=1)
        colours = _LEAVES[rng.integers(len(_LEAVES), size=count)]
        inside = ((cells >= 0) & (cells < size - 2)).all(axis=1)
        for (column, row), colour in zip(cells[inside].astype(int).tolist(), colours[inside]):
            plan.image[row:row + 2, column:column + 2, :3] = colour


def darken_along_walls(plan: GroundPlan, plots: tuple[Plot, ...]) -> None:
    """Darken the ground near buildings, which hide half of the sky from it."""
    built = np.zeros(plan.classes.shape, np.uint8)
    for plot in plots:
        if plot.building is not None:
            front = plan.street.front(plot.side) + plot.building.setback
            cv2.fillPoly(built, [plan.grid.outline(
                np.array([plot.start, plot.end]), plot.side * front, plot.side * HALF_WIDTH)], 255)
    # Blurred at a quarter of the size, since the blur is wide.
    small = cv2.resize(built, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 0.9 * TEXELS_PER_METRE * 0.25)
    hidden = cv2.resize(small, built.shape[::-1], interpolation=cv2.INTER_LINEAR)
    tint(plan.image, 1 - hidden * np.float32(0.5 / 255))
