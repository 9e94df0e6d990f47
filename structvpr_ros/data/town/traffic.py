# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Who is on the street during one visit: parked and driving vehicles, cyclists, pedestrians."""

from dataclasses import dataclass

import numpy as np

from structvpr_ros.data.town.figures import (paint_bicycle, paint_person, paint_rider,
                                             PERSON_ROWS)
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.surface import Mesh, upright
from structvpr_ros.data.town.texture import mipmaps
from structvpr_ros.data.town.vehicles import build_vehicle, length_of, plan_model

# Metres; what is farther ahead is too small to matter.
_FARTHEST = 75.0


@dataclass(frozen=True)
class Mover:
    """
    Something that keeps its distance from the centre line.

    :param parts: its surfaces around its own origin, heading along x.
    :param x: metres along the street at time 0.
    :param offset: metres from the centre line.
    :param speed: metres per second along the street, 0 if parked.
    :param length: metres.
    """

    parts: Mesh
    x: float
    offset: float
    speed: float
    length: float

    def at(self, time: float) -> float:
        """Return x at a time in seconds."""
        return self.x + self.speed * time


@dataclass(frozen=True)
class Traffic:
    """All that is on the street during one visit."""

    street: Street
    movers: tuple[Mover, ...]

    def around(self, x: float, time: float) -> list[Mesh]:
        """Return each thing that can be seen from x at a time (seconds)."""
        seen = []
        for mover in self.movers:
            at = mover.at(time)
            # Who would overlap the camera in its lane is not there at all.
            blocked = abs(at - x) < 8 + mover.length and -self.street.lane < mover.offset < 0
            if -12 < at - x < _FARTHEST and not blocked:
                y = float(self.street.centre(at)) + mover.offset
                seen.append(mover.parts.moved(at, y, self.street.direction(at)))
        return seen


def plan_traffic(street: Street, rng: np.random.Generator, bustle: float,
                 umbrellas: bool) -> Traffic:
    """
    Draw the traffic of one visit.

    :param bustle: how many are about, 1 on a fine day.
    :param umbrellas: whether people carry them.
    """
    return Traffic(street, (*_parked(street, rng), *_driving(street, rng, bustle),
                            *_cycling(street, rng, bustle),
                            *_walking(street, rng, bustle, umbrellas)))


def _parked(street: Street, rng: np.random.Generator) -> list[Mover]:
    movers = []
    for side, parking in zip((1, -1), street.parking):
        share = rng.uniform(0.25, 0.75) if parking else 0.0
        for x in np.arange(FIRST_X + 2.8, street.last_x, 5.6):
            if rng.random() < share:
                model = plan_model(rng, parked=True, away=side < 0)
                movers.append(Mover(build_vehicle(model), x + rng.normal(0, 0.3),
                                    side * (street.lane + 1.1), 0.0, length_of(model)))
    return movers


def _driving(street: Street, rng: np.random.Generator, bustle: float) -> list[Mover]:
    movers = []
    for direction in (1, -1):
        # Ahead of the camera at first, or met on the way.
        speed = direction * rng.uniform(4.5, 9.0)
        x = rng.uniform(10, 45)
        # Those who come the other way are met from farther and farther away.
        while x < street.last_x + 9.0 * street.places:
            model = plan_model(rng, parked=False, away=direction > 0)
            start = x if direction < 0 else x - 40
            movers.append(Mover(build_vehicle(model), start, -direction * street.lane * 0.5,
                                speed, length_of(model)))
            x += rng.uniform(14, 70) / max(bustle, 0.1)
    return movers


def _walking(street: Street, rng: np.random.Generator, bustle: float,
             umbrellas: bool) -> list[Mover]:
    movers = []
    for _ in range(rng.poisson((street.last_x - FIRST_X) / 9 * bustle)):
        side, away = int(rng.choice([1, -1])), bool(rng.random() < 0.5)
        offset = side * (street.kerb(side) + rng.uniform(0.5, street.pavement - 0.4))
        height = rng.uniform(1.55, 1.9)
        image = paint_person(rng, away, umbrellas and rng.random() < 0.6)
        mesh = Mesh.of([upright(0.0, 0.0, 0.43 * height, height * image.shape[0] / PERSON_ROWS,
                                Label.PERSON, mipmaps(image))])
        movers.append(Mover(mesh, rng.uniform(FIRST_X, street.last_x), offset,
                            rng.uniform(0.8, 1.6) * (1 if away else -1), 0.5))
    return movers


def _cycling(street: Street, rng: np.random.Generator, bustle: float) -> list[Mover]:
    movers = []
    for _ in range(rng.poisson((street.last_x - FIRST_X) / 60 * bustle)):
        away = bool(rng.random() < 0.5)
        offset = (-1 if away else 1) * (street.lane - 0.6)
        parts = Mesh.of([
            upright(0.0, 0.0, 0.55, 1.05, Label.BICYCLE, mipmaps(paint_bicycle(rng))),
            upright(0.05, 0.0, 0.7, 1.75, Label.RIDER, mipmaps(paint_rider(rng, away)))])
        movers.append(Mover(parts, rng.uniform(FIRST_X, street.last_x + 60), offset,
                            rng.uniform(3.5, 6) * (1 if away else -1), 1.6))
    return movers
