# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The shapes of vehicles, as data: (x, z) in metres, x ahead from the middle, z up."""

from dataclasses import dataclass

import numpy as np

from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.texture import Colour

Outline = tuple[tuple[float, float], ...]

_PAINTS = ((196, 198, 200), (40, 42, 46), (112, 116, 122), (228, 228, 226), (140, 34, 34),
           (38, 62, 110), (64, 82, 70), (176, 160, 130), (90, 96, 108), (198, 120, 40))
_BUS_PAINTS = ((178, 42, 38), (226, 180, 40), (44, 96, 150), (228, 228, 224), (60, 120, 80))


@dataclass(frozen=True)
class VehicleKind:
    """
    A kind of vehicle.

    :param label: its class.
    :param share: how often it is met.
    :param width: metres.
    :param outline: from the lower end of the rear over the top to that of the front.
    :param faces: what each piece of the outline is: 'rear', 'tail' (a rear without a window),
        'glass', 'body', 'roof' or 'front'.
    :param windows: outlines of its side windows.
    :param axles: x of its axles.
    :param wheel_radius: metres.
    :param paints: its colours.
    """

    label: Label
    share: float
    width: float
    outline: Outline
    faces: tuple[str, ...]
    windows: tuple[Outline, ...]
    axles: tuple[float, float]
    wheel_radius: float
    paints: tuple[Colour, ...] = _PAINTS

    @property
    def extent(self) -> tuple[float, float, float]:
        """Return x of its rear end, x of its front end, and its height, metres."""
        xs, zs = np.array(self.outline).T
        return float(xs.min()), float(xs.max()), float(zs.max())


def _row_of_windows(start: float, end: float, count: int, low: float,
                    high: float) -> tuple[Outline, ...]:
    edges = np.linspace(start, end, count + 1).tolist()
    return tuple(((left + 0.06, low), (left + 0.06, high), (right - 0.06, high),
                  (right - 0.06, low)) for left, right in zip(edges[:-1], edges[1:]))


VEHICLES = {
    'hatchback': VehicleKind(
        Label.CAR, share=3, width=1.74,
        outline=((-1.95, 0.28), (-1.98, 0.92), (-1.62, 1.46), (0.30, 1.48), (1.05, 0.98),
                 (1.88, 0.78), (1.95, 0.28)),
        faces=('rear', 'glass', 'roof', 'glass', 'body', 'front'),
        windows=(((-1.5, 0.96), (-1.35, 1.36), (-0.42, 1.39), (-0.42, 0.96)),
                 ((-0.34, 0.96), (-0.34, 1.39), (0.24, 1.39), (0.80, 0.98))),
        axles=(-1.25, 1.22), wheel_radius=0.31),
    'saloon': VehicleKind(
        Label.CAR, share=3, width=1.80,
        outline=((-2.25, 0.30), (-2.28, 0.98), (-1.60, 1.02), (-0.95, 1.42), (0.35, 1.44),
                 (1.12, 0.98), (2.12, 0.80), (2.25, 0.30)),
        faces=('rear', 'body', 'glass', 'roof', 'glass', 'body', 'front'),
        windows=(((-1.35, 1.0), (-0.85, 1.33), (-0.38, 1.36), (-0.38, 1.0)),
                 ((-0.30, 1.0), (-0.30, 1.36), (0.30, 1.36), (0.88, 1.0))),
        axles=(-1.4, 1.42), wheel_radius=0.32),
    'estate': VehicleKind(
        Label.CAR, share=2, width=1.86,
        outline=((-2.25, 0.36), (-2.30, 1.02), (-2.00, 1.66), (0.30, 1.68), (1.05, 1.10),
                 (2.1, 0.94), (2.2, 0.36)),
        faces=('rear', 'glass', 'roof', 'glass', 'body', 'front'),
        windows=(((-2.0, 1.1), (-1.8, 1.54), (-1.05, 1.57), (-1.05, 1.1)),
                 ((-0.97, 1.1), (-0.97, 1.58), (-0.32, 1.58), (-0.32, 1.1)),
                 ((-0.24, 1.1), (-0.24, 1.58), (0.26, 1.57), (0.80, 1.12))),
        axles=(-1.4, 1.4), wheel_radius=0.36),
    'van': VehicleKind(
        Label.CAR, share=1.2, width=1.95,
        outline=((-2.5, 0.34), (-2.52, 2.10), (1.10, 2.14), (1.75, 1.20), (2.45, 1.02),
                 (2.5, 0.34)),
        faces=('rear', 'roof', 'glass', 'body', 'front'),
        windows=(((0.35, 1.28), (0.35, 1.92), (1.02, 1.92), (1.48, 1.28)),),
        axles=(-1.6, 1.6), wheel_radius=0.34),
    'truck': VehicleKind(
        Label.TRUCK, share=0.5, width=2.3,
        outline=((-3.4, 0.6), (-3.4, 3.0), (1.9, 3.0), (2.0, 2.4), (3.3, 2.3), (3.4, 0.5)),
        faces=('tail', 'roof', 'body', 'roof', 'front'),
        windows=(((2.2, 1.45), (2.2, 2.15), (3.2, 2.1), (3.25, 1.45)),),
        axles=(-2.2, 2.5), wheel_radius=0.46),
    'bus': VehicleKind(
        Label.BUS, share=0.5, width=2.5,
        outline=((-5.6, 0.4), (-5.6, 3.05), (5.5, 3.05), (5.6, 0.4)),
        faces=('rear', 'roof', 'front'),
        windows=_row_of_windows(-5.3, 5.3, 8, low=1.35, high=2.5),
        axles=(-3.4, 3.3), wheel_radius=0.48, paints=_BUS_PAINTS),
}
