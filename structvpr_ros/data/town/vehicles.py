# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Vehicles: an outline seen from the side, drawn out to the vehicle's width, and painted."""

from functools import lru_cache
import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.surface import Mesh, Surface
from structvpr_ros.data.town.texture import (box, canvas, Colour, HOLE, LAMP, mipmaps, OPAQUE,
                                             shade, tint)
from structvpr_ros.data.town.vehicle_kinds import Outline, VehicleKind, VEHICLES

TEXELS_PER_METRE = 36
_GLASS, _TAIL_LAMP, _HEAD_LAMP = (44, 52, 60), (200, 34, 28), (246, 240, 216)
# Shares of the wheel's radius, from the arch to the hub, and their colours.
_WHEEL = ((1.2, (20, 20, 22)), (1.0, (28, 28, 30)), (0.62, (150, 152, 156)), (0.2, (70, 72, 76)))
# Height above the ground, metres, and how light the body is there.
_SIDE_LIGHT = (0, 0.35, 0.7, 0.75, 1.5), (0.45, 0.62, 1.0, 0.85, 1.05)


class Model(NamedTuple):
    """What can be told apart: a kind of ``VEHICLES``, one of its paints, and where it heads."""

    kind: str
    paint: int
    away: bool


def plan_model(rng: np.random.Generator, parked: bool, away: bool) -> Model:
    """Draw a model; buses and trucks do not park."""
    names = [name for name, kind in VEHICLES.items()
             if not parked or kind.label == Label.CAR]
    shares = np.array([VEHICLES[name].share for name in names])
    name = str(rng.choice(names, p=shares / shares.sum()))
    return Model(name, int(rng.integers(len(VEHICLES[name].paints))), away)


@lru_cache(maxsize=None)
def build_vehicle(model: Model) -> Mesh:
    """Return the surfaces of a model around (0, 0, 0), heading along x or, not away, back."""
    kind = VEHICLES[model.kind]
    paint, half = kind.paints[model.paint], kind.width / 2
    side = _paint_side(kind, paint)
    rear, front, top = kind.extent
    across, down = np.array([front - rear, 0, 0]), np.array([0, 0, -top])
    surfaces = [
        Surface(np.array([rear, -half, top]), across, down, kind.label, mipmaps(side)),
        Surface(np.array([front, half, top]), -across, down, kind.label,
                mipmaps(side[:, ::-1].copy()))]
    for (x0, z0), (x1, z1), face in zip(kind.outline[:-1], kind.outline[1:], kind.faces):
        piece = np.array([x0 - x1, 0, z0 - z1])
        image = _paint_face(face, paint, kind.width, float(np.linalg.norm(piece)))
        if face == 'front' or (face == 'glass' and z1 < z0):
            image = image[::-1, ::-1].copy()
        # A little wider than the sides are apart, so that no gap shows between them.
        surfaces.append(Surface(np.array([x1, half + 0.02, z1]),
                                np.array([0, -kind.width - 0.04, 0]), piece, kind.label,
                                mipmaps(image)))
    mesh = Mesh.of(surfaces)
    return mesh if model.away else mesh.moved(0, 0, math.pi)


def length_of(model: Model) -> float:
    """Return the length of a model, metres."""
    rear, front, _ = VEHICLES[model.kind].extent
    return front - rear


def _paint_side(kind: VehicleKind, paint: Colour) -> NDArray[np.uint8]:
    rear, front, top = kind.extent
    rows, columns = (round(size * TEXELS_PER_METRE) for size in (top, front - rear))

    def texels(points: Outline) -> NDArray[np.int32]:
        return np.round((np.array(points) * [1, -1] + [-rear, top])
                        * TEXELS_PER_METRE).astype(np.int32)

    image = canvas(rows, columns, shade(paint, 0.6), HOLE)
    cv2.fillPoly(image, [texels(kind.outline)], (*paint, OPAQUE))
    light = np.interp(np.linspace(top, 0, rows), *_SIDE_LIGHT).astype(np.float32)
    tint(image, np.repeat(light[:, None], columns, 1))
    for window in kind.windows:
        cv2.fillPoly(image, [texels(window)], (*_GLASS, OPAQUE))
        (x0, z0), (x1, z1) = np.min(window, axis=0), np.max(window, axis=0)
        gleam = ((x0 + 0.1, z0), (x0 + 0.35 * (x1 - x0), z1 - 0.03),
                 (x0 + 0.6 * (x1 - x0), z1 - 0.03), (x0 + 0.4, z0))
        cv2.fillPoly(image, [texels(gleam)], (78, 90, 100, OPAQUE))
    for centre in texels(tuple((x, kind.wheel_radius) for x in kind.axles)).tolist():
        for share, colour in _WHEEL:
            cv2.circle(image, centre, round(kind.wheel_radius * share * TEXELS_PER_METRE),
                       (*colour, OPAQUE), -1)
    low, high = texels(((rear, 0.66), (rear, 0.78)))[:, 1]
    box(image, 0, high, 6, low, _TAIL_LAMP, LAMP)
    box(image, columns - 7, high, columns, low, _HEAD_LAMP, LAMP)
    return image


def _paint_face(face: str, paint: Colour, width: float, height: float) -> NDArray[np.uint8]:
    rows, columns = round(height * TEXELS_PER_METRE), round(width * TEXELS_PER_METRE)
    image = canvas(rows, columns, paint)
    if face == 'glass':
        image = canvas(rows, columns, (56, 64, 72))
        box(image, 0, 0, columns, rows * 0.45, (92, 104, 114))
        box(image, 0, 0, 4, rows, paint)
        box(image, columns - 4, 0, columns, rows, paint)
    elif face in ('rear', 'tail', 'front'):
        _paint_end(image, face, height)
    return image


def _paint_end(image: NDArray[np.uint8], face: str, height: float) -> None:
    """Paint lights, plate and bumper, and on a tall vehicle a window above them."""
    rows, columns = image.shape[:2]
    metre = TEXELS_PER_METRE
    body = image[0, 0, :3].tolist()
    if height > 1.4 and face != 'tail':
        box(image, 6, 0.16 * metre, columns - 6, rows - 1.05 * metre, _GLASS)
        box(image, 6, 0.16 * metre, columns - 6, 0.5 * metre, (84, 96, 106))
    if height > 1.4 and face != 'front':
        box(image, columns / 2 - 1, 0, columns / 2 + 1, rows, shade(body, 0.6))
    lamp = _HEAD_LAMP if face == 'front' else _TAIL_LAMP
    top = rows - (0.62 if height < 1.4 else 0.9) * metre
    box(image, 2, top, 0.30 * metre, top + 0.17 * metre, lamp, LAMP)
    box(image, columns - 0.30 * metre, top, columns - 2, top + 0.17 * metre, lamp, LAMP)
    if face == 'front':
        box(image, 0.42 * metre, top + 2, columns - 0.42 * metre, top + 0.2 * metre, (30, 30, 32))
    box(image, columns / 2 - 9, rows - 0.32 * metre, columns / 2 + 9, rows - 0.21 * metre,
        (226, 224, 206))
    box(image, 0, rows - 0.18 * metre, columns, rows, shade(body, 0.4))
