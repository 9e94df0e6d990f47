# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What stands along a street: plot after plot on either side, with its building or its gap."""

from dataclasses import dataclass
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.styles import PARAPET, plan_style, Style


@dataclass(frozen=True)
class Building:
    """
    A building of a plot.

    :param setback: metres between the pavement and the front.
    :param depth: metres from the front to the back.
    :param floors: how many, each ``style.floor_height`` high.
    :param roof: 'flat', 'gable' (ridge along the street), 'gable_front' or 'mansard'.
    :param roof_height: metres above the wall.
    :param ground_floor: 'home', 'shop', 'garage' or 'office'.
    :param style: what its walls look like.
    """

    setback: float
    depth: float
    floors: int
    roof: str
    roof_height: float
    ground_floor: str
    style: Style

    @property
    def wall_height(self) -> float:
        """Return the height of the front wall, metres."""
        return self.floors * self.style.floor_height + PARAPET

    @property
    def height(self) -> float:
        """Return the height with the roof, metres."""
        return self.wall_height + self.roof_height


@dataclass(frozen=True)
class Plot:
    """
    A stretch of one side of a street.

    :param side: 1 left, -1 right.
    :param start: metres along the street.
    :param end: metres along the street.
    :param kind: a key of ``KINDS``.
    :param border: 'none', 'wall', 'fence' or 'hedge' between the pavement and the plot.
    :param building: what stands on it.
    """

    side: int
    start: float
    end: float
    kind: str
    border: str
    building: Optional[Building]

    @property
    def key(self) -> str:
        """Return what tells this plot from others of its street, for its random stream."""
        return f'{self.side} {self.start:.2f}'


@dataclass(frozen=True)
class Kind:
    """
    What plots of a kind are like: ranges are drawn from evenly, words are chosen.

    :param share: how often it is met.
    :param width: metres along the street.
    :param floors: fewest and most; (0, 0) for a plot without a building.
    :param depth: of the building, metres.
    :param setback: metres between the pavement and the front.
    :param margin: metres on either side that the building leaves free.
    """

    share: float
    width: tuple[float, float]
    floors: tuple[int, int] = (0, 0)
    depth: tuple[float, float] = (0, 0)
    setback: tuple[float, float] = (0, 0)
    margin: float = 0.0
    roofs: tuple[str, ...] = ('flat',)
    ground_floors: tuple[str, ...] = ('home',)
    borders: tuple[str, ...] = ('none',)


KINDS = {
    'terrace': Kind(
        share=3.4, width=(5.5, 8.5), floors=(2, 4), depth=(9, 12),
        roofs=('gable', 'gable', 'mansard', 'flat', 'gable_front'),
        ground_floors=('home', 'home', 'shop', 'garage')),
    'block': Kind(
        share=1.2, width=(12, 20), floors=(4, 6), depth=(11, 14), setback=(0, 0.8),
        roofs=('flat', 'flat', 'mansard'), ground_floors=('home', 'shop', 'office')),
    'house': Kind(
        share=2.0, width=(10, 15), floors=(1, 2), depth=(8, 11), setback=(3, 7), margin=1.6,
        roofs=('gable', 'gable_front', 'gable_front'), ground_floors=('home', 'garage'),
        borders=('wall', 'fence', 'hedge', 'none')),
    'shop': Kind(
        share=1.2, width=(7, 13), floors=(1, 2), depth=(10, 14), setback=(0, 1.5),
        roofs=('flat', 'flat', 'gable_front'), ground_floors=('shop',)),
    'tower': Kind(
        share=0.25, width=(13, 17), floors=(7, 10), depth=(13, 15), setback=(1, 4), margin=1.0,
        roofs=('flat',), ground_floors=('office', 'home')),
    'park': Kind(share=0.9, width=(10, 20), borders=('fence', 'hedge', 'wall', 'none')),
    'yard': Kind(share=0.7, width=(7, 14), borders=('fence', 'wall', 'fence', 'none')),
    'crossing': Kind(share=0.6, width=(8, 11)),
}
_ROOF_HEIGHTS = {'flat': (0.0, 0.0), 'mansard': (2.2, 3.2), 'gable': (2.5, 4.5),
                 'gable_front': (2.5, 4.5)}
_CROSSING_SPACING = 35.0


def plan_plots(street: Street) -> tuple[Plot, ...]:
    """Plan both sides of a street, from before its first place to beyond its last."""
    rng = stream(street.seed, 'plots', street.name)
    shares = np.array([kind.share * rng.uniform(0.5, 1.6) for kind in KINDS.values()])
    # A street has few styles, and so neighbours that look alike: looks alone tell no place.
    styles = [plan_style(rng) for _ in range(3)]
    return tuple(plot for side in (1, -1) for plot in _plan_side(street, side, shares, styles))


def _plan_side(street: Street, side: int, shares: NDArray[np.float64],
               styles: list[Style]) -> list[Plot]:
    rng = stream(street.seed, 'side', street.name, 1 + side)
    plots: list[Plot] = []
    x, last_crossing = FIRST_X + rng.uniform(-4, 0), FIRST_X
    while x < street.last_x:
        name = str(rng.choice(list(KINDS), p=shares / shares.sum()))
        if name == 'crossing':
            if x - last_crossing < _CROSSING_SPACING:
                continue
            last_crossing = x
        end = x + float(rng.uniform(*KINDS[name].width))
        plots.append(Plot(side, x, end, name, str(rng.choice(KINDS[name].borders)),
                          _plan_building(rng, KINDS[name], styles)))
        x = end
    return plots


def _plan_building(rng: np.random.Generator, kind: Kind,
                   styles: list[Style]) -> Optional[Building]:
    if not kind.floors[1]:
        return None
    roof = str(rng.choice(kind.roofs))
    style = styles[rng.integers(len(styles))].varied(rng)
    return Building(
        setback=float(rng.uniform(*kind.setback)),
        depth=float(rng.uniform(*kind.depth)),
        floors=int(rng.integers(kind.floors[0], kind.floors[1] + 1)),
        roof=roof,
        roof_height=float(rng.uniform(*_ROOF_HEIGHTS[roof])),
        ground_floor=str(rng.choice(kind.ground_floors)),
        style=style)
