# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The road: asphalt with wheel tracks, patches, manholes and cracks, and its markings."""

import cv2
import numpy as np

from structvpr_ros.data.town.grid import HALF_WIDTH
from structvpr_ros.data.town.ground_plan import GroundPlan
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X
from structvpr_ros.data.town.plots import Plot
from structvpr_ros.data.town.texture import Colour, OPAQUE, shade, vary

_MARKING = (214, 214, 208)
_CRACK = (60, 60, 62)
_BAY = 5.6


def paint_road(plan: GroundPlan, rng: np.random.Generator, plots: tuple[Plot, ...]) -> None:
    """Paint the road of a street and the mouths of those that join it."""
    street = plan.street
    asphalt = vary(rng, (110, 109, 109), 5)
    for plot in plots:
        if plot.kind == 'crossing':
            plan.strip(plot.start + 1, plot.end - 1, (0.0, plot.side * HALF_WIDTH * 1.2),
                       asphalt, Label.ROAD)
    plan.along((-street.kerb(-1), street.kerb(1)), asphalt, Label.ROAD)
    for track in np.multiply.outer((1, -1), (0.32, 0.74)).ravel() * street.lane:
        plan.along((track - 0.25, track + 0.25), shade(asphalt, 0.93), Label.ROAD)
    _wear(plan, rng, asphalt)
    _mark_lanes(plan, rng)
    for plot in plots:
        if plot.kind == 'crossing' and rng.random() < 0.75:
            _mark_zebra(plan, plot.start - 3.6)


def _wear(plan: GroundPlan, rng: np.random.Generator, asphalt: Colour) -> None:
    """Paint repaired patches, manholes and cracks."""
    street = plan.street
    for x in rng.uniform(FIRST_X, street.last_x, 22):
        right, width, length, tone = rng.uniform((-street.lane, 0.8, 1, 0.72),
                                                 (street.lane - 1, 2.2, 6, 1.15))
        plan.strip(x, x + length, (right, right + width), shade(asphalt, tone), Label.ROAD)
    for x in rng.uniform(FIRST_X, street.last_x, 14):
        y = float(street.centre(x)) + rng.uniform(-1, 1) * street.lane
        at = round(plan.grid.column(x)), round(plan.grid.row(y))
        cv2.circle(plan.image, at, 5, (62, 60, 60, OPAQUE), -1)
        cv2.circle(plan.image, at, 5, (112, 110, 106, OPAQUE), 1)
    for x in rng.uniform(FIRST_X, street.last_x, 30):
        steps = np.cumsum(rng.normal(0, 0.5, (8, 2)), axis=0)
        plan.line(x + steps[:, 0], steps[:, 1], _CRACK)


def _mark_lanes(plan: GroundPlan, rng: np.random.Generator) -> None:
    """Paint the broken centre line and the parking bays."""
    street = plan.street
    dash, gap = float(rng.uniform(2, 4)), float(rng.uniform(2, 5))
    for x in np.arange(FIRST_X, street.last_x + 20, dash + gap):
        plan.strip(x, x + dash, (-0.07, 0.07), _MARKING, Label.ROAD)
    for side, parked in zip((1, -1), street.parking):
        if parked:
            edge = side * street.lane
            plan.along((edge, edge + side * 0.1), _MARKING, Label.ROAD)
            for x in np.arange(FIRST_X, street.last_x, _BAY):
                plan.strip(x, x + 0.1, (edge, side * street.kerb(side)), _MARKING, Label.ROAD)


def _mark_zebra(plan: GroundPlan, start: float) -> None:
    street = plan.street
    for bar in np.arange(-street.kerb(-1) + 0.3, street.kerb(1) - 0.5, 1.0):
        plan.strip(start, start + 3, (bar, bar + 0.5), _MARKING, Label.ROAD)
