# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The plan of the town: its streets, their names, widths and bends, and where they lie."""

from dataclasses import dataclass
import math
from typing import Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.seeds import stream

PLACE_SPACING = 5.0
PLACES_PER_STREET = 30
FIRST_X = -12.0
BEYOND = 140.0
STREET_DISTANCE = 150.0

_NAMES = ('elm', 'oak', 'maple', 'mill', 'church', 'station', 'river', 'market', 'castle',
          'garden', 'bridge', 'school', 'king', 'queen', 'hill', 'park', 'chapel', 'harbour',
          'forge', 'abbey', 'linden', 'poplar', 'willow', 'cedar', 'rose', 'tower', 'spring',
          'orchard', 'meadow', 'summer', 'winter', 'canal', 'baker', 'potter', 'weaver')
_ENDINGS = ('street', 'road', 'lane', 'avenue')


@dataclass(frozen=True)
class Street:
    """
    One street, in a frame of its own: x along it, y to the left, z up, metres.

    :param seed: of the town.
    :param name: such as ``elm-street``, unique in the town.
    :param places: how many places are seen from it, ``PLACE_SPACING`` apart from x = 0.
    :param origin: (x, y) of its frame in the town.
    :param heading: radians, of its frame in the town.
    :param lane: metres, the width of each of its two lanes.
    :param parking: whether cars park on the left, and on the right.
    :param pavement: metres, the width of the pavement on each side.
    :param bend: amplitude (metres), wavelength (metres) and phase (radians) of its centre line.
    """

    seed: int
    name: str
    places: int
    origin: tuple[float, float]
    heading: float
    lane: float
    parking: tuple[bool, bool]
    pavement: float
    bend: tuple[float, float, float]

    @property
    def last_x(self) -> float:
        """Return where the built street ends: far beyond the last place."""
        return (self.places - 1) * PLACE_SPACING + BEYOND

    def centre(self, x: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return y of the centre line at x."""
        amplitude, wavelength, phase = self.bend
        return amplitude * np.sin(2 * math.pi * np.asarray(x) / wavelength + phase)

    def direction(self, x: float) -> float:
        """Return the heading of the centre line at x, radians."""
        amplitude, wavelength, phase = self.bend
        turn = 2 * math.pi / wavelength
        return math.atan(amplitude * turn * math.cos(turn * x + phase))

    def kerb(self, side: int) -> float:
        """Return the distance of the kerb from the centre line on a side (1 left, -1 right)."""
        return self.lane + (2.1 if self.parking[0 if side > 0 else 1] else 0.3)

    def front(self, side: int) -> float:
        """Return the distance of the plots from the centre line on a side."""
        return self.kerb(side) + self.pavement

    def to_town(self, x: float, y: float, heading: float) -> tuple[float, float, float]:
        """Take a position and heading from the street's frame to the town's."""
        cos, sin = math.cos(self.heading), math.sin(self.heading)
        turned = (heading + self.heading + math.pi) % (2 * math.pi) - math.pi
        return (self.origin[0] + cos * x - sin * y, self.origin[1] + sin * x + cos * y, turned)


def streets_for(places: int) -> list[int]:
    """Return how many places each street gets if as few streets as needed share them evenly."""
    count = -(-places // PLACES_PER_STREET)
    return [places // count + (item < places % count) for item in range(count)]


def plan_streets(seed: int, places: Sequence[int]) -> tuple[Street, ...]:
    """
    Plan one street for each number of places.

    Streets lie in the cells of a square grid, so that places of any two are at least
    ``STREET_DISTANCE`` metres apart. A street does not depend on those that follow it.

    :param places: at most ``PLACES_PER_STREET`` each.
    """
    cell = PLACES_PER_STREET * PLACE_SPACING + STREET_DISTANCE + 2 * 10.0
    names = _street_names(seed, len(places))
    return tuple(_plan_street(seed, name, count, _spiral(index, cell))
                 for index, (name, count) in enumerate(zip(names, places)))


def _plan_street(seed: int, name: str, places: int, centre: tuple[float, float]) -> Street:
    rng = stream(seed, 'street', name)
    heading = float(rng.uniform(-math.pi, math.pi))
    half = (places - 1) * PLACE_SPACING / 2
    return Street(
        seed=seed, name=name, places=places,
        origin=(centre[0] - half * math.cos(heading), centre[1] - half * math.sin(heading)),
        heading=heading,
        lane=float(rng.uniform(2.9, 3.6)),
        parking=(bool(rng.random() < 0.6), bool(rng.random() < 0.6)),
        pavement=float(rng.uniform(2.2, 3.8)),
        bend=(float(rng.uniform(1.5, 7.0)), float(rng.uniform(130, 260)),
              float(rng.uniform(0, 2 * math.pi))))


def _street_names(seed: int, count: int) -> list[str]:
    names = [f'{name}-{ending}' for ending in _ENDINGS for name in _NAMES]
    order = stream(seed, 'names').permutation(len(names))
    rounds = range(-(-count // len(names)))
    # A town of more streets than names has an elm-street-2.
    return [names[item] + (f'-{turn + 1}' if turn else '')
            for turn in rounds for item in order][:count]


def _spiral(index: int, cell: float) -> tuple[float, float]:
    """Return the centre of a cell of a square grid, counted ring by ring from the middle."""
    ring = math.isqrt(index)
    along = index - ring * ring
    column, row = (ring, along) if along <= ring else (2 * ring - along, ring)
    return column * cell, row * cell
