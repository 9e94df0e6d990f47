# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Images that see the same place, by where they were taken and which way they look.

The first image of a place founds it and gives it its ID; later ones join the nearest founder.
Founders never change, so a place keeps its ID and its images however many are added later.
"""

from dataclasses import dataclass, replace
import math
from typing import Iterable, Optional

from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.errors import ConfigurationError

# What looks another way sees another place: as Proximity has it.
SAME_WAY = math.pi / 4


@dataclass(frozen=True)
class Grouping:
    """
    What makes images one place.

    :param radius: metres, of ``grouped``; 0 leaves the places that images have.
    :param angle: radians, likewise.
    :raises ConfigurationError: they are no such numbers.
    """

    radius: float = 0.0
    angle: float = SAME_WAY

    def __post_init__(self) -> None:
        # Cells of less than a millimetre cannot be counted.
        if not (self.radius == 0 or self.radius >= 1e-3 and math.isfinite(self.radius)):
            raise ConfigurationError('expected a place_radius of 0, or of at least a millimetre, '
                                     f'found {self.radius}')
        if not 0 < self.angle <= math.pi:
            raise ConfigurationError(
                f'expected a place_angle above 0 and up to pi, found {self.angle}')

    def __str__(self) -> str:
        if not self.radius:
            return 'as their sources have them'
        return f'within {self.radius:g} m and {math.degrees(self.angle):.0f} degrees'


# Nothing does: images keep the places that they have.
UNGROUPED = Grouping()


def grouped(entries: Iterable[PosedImage], radius: float, angle: float = SAME_WAY,
            known: Iterable[PosedImage] = ()) -> list[PosedImage]:
    """
    Give images places by position and view direction.

    :param entries: in the order in which they found places. One without a position keeps the
        place that it has, as does one that founds a place, unless another one there has that
        name: it is then called after its source and image.
    :param radius: metres to the founder of a place within which images belong to it.
    :param angle: radians that their headings, if both are known, may differ by.
    :param known: images whose places are settled; the first one of each place is its founder.
    :return: the images with their places.
    """
    founders = _Founders(radius, angle)
    settled = set()
    for entry in known:
        if entry.place not in settled and entry.x is not None:
            settled.add(entry.place)
            founders.add(entry)
    found = []
    for entry in entries:
        founder = None if entry.x is None else founders.nearest(entry)
        if founder is not None:
            entry = replace(entry, place=founder.place)
        elif entry.x is not None:
            if entry.place in settled:
                entry = replace(entry, place=f'{entry.source}/{entry.image}')
            settled.add(entry.place)
            founders.add(entry)
        found.append(entry)
    return found


class _Founders:
    """Founders of places, in a grid whose cells are as wide as the radius."""

    def __init__(self, radius: float, angle: float) -> None:
        self._radius = radius
        self._angle = angle
        self._cells: dict[tuple[int, int], list[PosedImage]] = {}

    def add(self, entry: PosedImage) -> None:
        self._cells.setdefault(self._cell(entry), []).append(entry)

    def nearest(self, entry: PosedImage) -> Optional[PosedImage]:
        """Return the nearest founder within the radius that looks the same way; None: none."""
        column, row = self._cell(entry)
        near = [(math.hypot(founder.x - entry.x, founder.y - entry.y), founder)
                for across in (-1, 0, 1) for along in (-1, 0, 1)
                for founder in self._cells.get((column + across, row + along), ())]
        near = [(distance, founder) for distance, founder in near
                if distance <= self._radius and _turned(founder, entry) <= self._angle]
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def _cell(self, entry: PosedImage) -> tuple[int, int]:
        return math.floor(entry.x / self._radius), math.floor(entry.y / self._radius)


def _turned(first: PosedImage, second: PosedImage) -> float:
    if first.heading is None or second.heading is None:
        return 0.0
    return abs(math.remainder(first.heading - second.heading, math.tau))
