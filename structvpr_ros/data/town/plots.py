# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What stands along a street: plot after plot on either side, with its building or its gap."""

from dataclasses import dataclass
from typing import Optional

import numpy as np

from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.styles import FacadeStyle, plan_style


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
    style: FacadeStyle

    @property
    def wall_height(self) -> float:
        """Return the height of the front wall, metres."""
        return self.floors * self.style.floor_height + 0.5

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
    """What plots of a kind are like: ranges are drawn from uniformly, words are chosen."""

    width: tuple[float, float]
    floors: tuple[int, int] = (0, 0)
    depth: tuple[float, float] = (9, 13)
    setback: tuple[float, float] = (0, 0)
    margin: float = 0.0
    roofs: tuple[str, ...] = ('flat',)
    ground_floors: tuple[str, ...] = ('home',)
    borders: tuple[str, ...] = ('none',)
    share: float = 1.0


KINDS = {
    'terrace': Kind((5.5, 8.5), (2, 4), (9, 12), (0, 0), 0.0, ('gable', 'gable', 'mansard', 'flat',
                    'gable_front'), ('home', 'home', 'shop', 'garage'), share=3.4),
    'block': Kind((12, 20), (4, 6), (11, 14), (0, 0.8), 0.0, ('flat', 'flat', 'mansard'),
                  ('home', 'shop', 'office'), share=1.2),
    'house': Kind((10, 15), (1, 2), (8, 11), (3, 7), 1.6, ('gable', 'gable_front', 'gable_front'),
                  ('home', 'garage'), ('wall', 'fence', 'hedge', 'none'), share=2.0),
    'shop': Kind((7, 13), (1, 2), (10, 14), (0, 1.5), 0.0, ('flat', 'flat', 'gable_front'),
                 ('shop',), share=1.2),
    'tower': Kind((13, 17), (7, 10), (13, 15), (1, 4), 1.0, ('flat',), ('office', 'home'),
                  share=0.25),
    'park': Kind((10, 20), borders=('fence', 'hedge', 'wall', 'none'), share=0.9),
    'yard': Kind((7, 14), borders=('fence', 'wall', 'fence', 'none'), share=0.7),
    'crossing': Kind((8, 11), share=0.6),
}
_CROSSING_SPACING = 35.0


def plan_plots(street: Street) -> tuple[Plot, ...]:
    """Plan both sides of a street, from before its first place to beyond its last."""
    rng = stream(street.seed, 'plots', street.name)
    shares = np.array([kind.share * rng.uniform(0.5, 1.6) for kind in KINDS.values()])
    # A street has few styles, and so neighbours that look alike: looks alone tell no place.
    styles = [plan_style(rng) for _ in range(3)]
    return tuple(plot for side in (1, -1) for plot in _plan_side(street, side, shares, styles))


def _plan_side(street: Street, side: int, shares: np.ndarray,
               styles: list[FacadeStyle]) -> list[Plot]:
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
                   styles: list[FacadeStyle]) -> Optional[Building]:
    if not kind.floors[1]:
        return None
    roof = str(rng.choice(kind.roofs))
    heights = {'flat': (0.0, 0.0), 'mansard': (2.2, 3.2)}
    style = styles[rng.integers(len(styles))].varied(rng)
    return Building(
        setback=float(rng.uniform(*kind.setback)),
        depth=float(rng.uniform(*kind.depth)),
        floors=int(rng.integers(kind.floors[0], kind.floors[1] + 1)),
        roof=roof,
        roof_height=float(rng.uniform(*heights.get(roof, (2.5, 4.5)))),
        ground_floor=str(rng.choice(kind.ground_floors)),
        style=style)
