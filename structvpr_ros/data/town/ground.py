# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The ground of a street as one flat picture: plots, pavements, the road, and their classes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.grid import HALF_WIDTH
from structvpr_ros.data.town.ground_cover import (darken_along_walls, roughen, snow_over,
                                                  strew_leaves)
from structvpr_ros.data.town.ground_plan import GroundPlan, TEXELS_PER_METRE
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.plots import Plot
from structvpr_ros.data.town.road import paint_road
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.texture import mipmaps
from structvpr_ros.data.town.trees import Tree

_PAVED = ('terrace', 'block', 'shop', 'tower')
_SLAB = 0.6, 0.9
_LEVELS = 6


@dataclass(frozen=True)
class Ground:
    """
    A flat picture of the ground at z = 0.

    :param corner: (3,) metres, where texel (0, 0) begins.
    :param across: (3,) metres, along x, from there to the end of the first row.
    :param down: (3,) metres, along -y, from there to the end of the first column.
    :param colours: RGBA and its mipmaps.
    :param classes: uint8 (H, W), of the size of the first of ``colours``.
    :param texels_per_metre: of the first of ``colours``.
    """

    corner: NDArray[np.float64]
    across: NDArray[np.float64]
    down: NDArray[np.float64]
    colours: tuple[NDArray[np.uint8], ...]
    classes: NDArray[np.uint8]
    texels_per_metre: float


def pave(street: Street, plots: tuple[Plot, ...], trees: tuple[Tree, ...],
         season: str) -> Ground:
    """Paint the ground of a street for a season; snow and leaves leave its classes alone."""
    plan = GroundPlan(street)
    rng = stream(street.seed, 'ground', street.name)
    _paint_plots(plan, plots)
    _paint_pavements(plan)
    paint_road(plan, rng, plots)
    roughen(plan, rng)
    if season == 'winter':
        snow_over(plan, rng)
    if season == 'autumn':
        strew_leaves(plan, rng, trees)
    darken_along_walls(plan, plots)
    rows, columns = plan.classes.shape
    return Ground(corner=np.array([FIRST_X, HALF_WIDTH, 0.0]),
                  across=np.array([columns / TEXELS_PER_METRE, 0, 0]),
                  down=np.array([0, -rows / TEXELS_PER_METRE, 0]),
                  colours=mipmaps(plan.image)[:_LEVELS], classes=plan.classes,
                  texels_per_metre=TEXELS_PER_METRE)


def _paint_plots(plan: GroundPlan, plots: tuple[Plot, ...]) -> None:
    for plot in plots:
        offsets = (plot.side * (plan.street.front(plot.side) - 0.3), plot.side * HALF_WIDTH * 1.2)
        if plot.kind in _PAVED:
            plan.strip(plot.start, plot.end, offsets, (146, 142, 136), Label.SIDEWALK)
        elif plot.kind == 'yard':
            plan.strip(plot.start, plot.end, offsets, (138, 124, 104), Label.TERRAIN)
        elif plot.kind == 'house':
            drive = plot.start + 0.25 * (plot.end - plot.start)
            plan.strip(drive, drive + 2.6, offsets, (140, 132, 124), Label.SIDEWALK)


def _paint_pavements(plan: GroundPlan) -> None:
    street, joint = plan.street, (128, 124, 118)
    for side in (1, -1):
        kerb, front = street.kerb(side), street.front(side)
        plan.along((side * kerb, side * front), (158, 154, 148), Label.SIDEWALK)
        plan.along((side * kerb, side * (kerb + 0.18)), (186, 184, 178), Label.SIDEWALK)
        along = np.arange(FIRST_X, street.last_x + 20, 4.0)
        for offset in np.arange(kerb + _SLAB[0], front, _SLAB[0]):
            plan.line(along, np.full_like(along, side * offset), joint)
        for x in np.arange(FIRST_X, street.last_x + 20, _SLAB[1]):
            plan.line((x, x), (side * (kerb + 0.18), side * front), joint)
