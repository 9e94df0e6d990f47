# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Vehicles: an outline seen from the side, drawn out to the vehicle's width, and painted."""

from dataclasses import dataclass
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

TEXELS_PER_METRE = 36
_PAINTS = ((196, 198, 200), (40, 42, 46), (112, 116, 122), (228, 228, 226), (140, 34, 34),
           (38, 62, 110), (64, 82, 70), (176, 160, 130), (90, 96, 108), (198, 120, 40))
_BUS_PAINTS = ((178, 42, 38), (226, 180, 40), (44, 96, 150), (228, 228, 224), (60, 120, 80))
_GLASS, _TYRE = (44, 52, 60), (28, 28, 30)


class Model(NamedTuple):
    """What can be told apart: a kind of ``KINDS``, one of its paints, and where it heads."""

    kind: str
    paint: int
    away: bool


@dataclass(frozen=True)
class Kind:
    """
    A kind of vehicle.

    :param label: its class.
    :param width: metres.
    :param outline: (x, z) of its outline from the lower end of the rear over the top to the
        front, metres.
    :param faces: what each piece of the outline is: 'rear', 'glass', 'body', 'roof' or 'front'.
    :param windows: outlines of its side windows, metres.
    :param wheels: x of its wheels, and their radius.
    :param paints: its colours.
    :param share: how often it is met.
    """

    label: Label
    width: float
    outline: tuple[tuple[float, float], ...]
    faces: tuple[str, ...]
    windows: tuple[tuple[tuple[float, float], ...], ...]
    wheels: tuple[tuple[float, ...], float]
    paints: tuple[Colour, ...] = _PAINTS
    share: float = 1.0


def _panes(start: float, end: float, count: int, low: float, high: float
           ) -> tuple[tuple[tuple[float, float], ...], ...]:
    edges = np.linspace(start, end, count + 1)
    return tuple(((left + 0.06, low), (left + 0.06, high), (right - 0.06, high),
                  (right - 0.06, low)) for left, right in zip(edges[:-1], edges[1:]))


KINDS = {
    'hatchback': Kind(
        Label.CAR, 1.74,
        ((-1.95, 0.28), (-1.98, 0.92), (-1.62, 1.46), (0.30, 1.48), (1.05, 0.98), (1.88, 0.78),
         (1.95, 0.28)),
        ('rear', 'glass', 'roof', 'glass', 'body', 'front'),
        (((-1.5, 0.96), (-1.35, 1.36), (-0.42, 1.39), (-0.42, 0.96)),
         ((-0.34, 0.96), (-0.34, 1.39), (0.24, 1.39), (0.80, 0.98))), ((-1.25, 1.22), 0.31),
        share=3),
    'saloon': Kind(
        Label.CAR, 1.80,
        ((-2.25, 0.30), (-2.28, 0.98), (-1.60, 1.02), (-0.95, 1.42), (0.35, 1.44), (1.12, 0.98),
         (2.12, 0.80), (2.25, 0.30)),
        ('rear', 'body', 'glass', 'roof', 'glass', 'body', 'front'),
        (((-1.35, 1.0), (-0.85, 1.33), (-0.38, 1.36), (-0.38, 1.0)),
         ((-0.30, 1.0), (-0.30, 1.36), (0.30, 1.36), (0.88, 1.0))), ((-1.4, 1.42), 0.32),
        share=3),
    'estate': Kind(
        Label.CAR, 1.86,
        ((-2.25, 0.36), (-2.30, 1.02), (-2.00, 1.66), (0.30, 1.68), (1.05, 1.10), (2.1, 0.94),
         (2.2, 0.36)),
        ('rear', 'glass', 'roof', 'glass', 'body', 'front'),
        (((-2.0, 1.1), (-1.8, 1.54), (-1.05, 1.57), (-1.05, 1.1)),
         ((-0.97, 1.1), (-0.97, 1.58), (-0.32, 1.58), (-0.32, 1.1)),
         ((-0.24, 1.1), (-0.24, 1.58), (0.26, 1.57), (0.80, 1.12))), ((-1.4, 1.4), 0.36),
        share=2),
    'van': Kind(
        Label.CAR, 1.95,
        ((-2.5, 0.34), (-2.52, 2.10), (1.10, 2.14), (1.75, 1.20), (2.45, 1.02), (2.5, 0.34)),
        ('rear', 'roof', 'glass', 'body', 'front'),
        (((0.35, 1.28), (0.35, 1.92), (1.02, 1.92), (1.48, 1.28)),), ((-1.6, 1.6), 0.34),
        share=1.2),
    'truck': Kind(
        Label.TRUCK, 2.3,
        ((-3.4, 0.6), (-3.4, 3.0), (1.9, 3.0), (2.0, 2.4), (3.3, 2.3), (3.4, 0.5)),
        ('rear', 'roof', 'body', 'roof', 'front'),
        (((2.2, 1.45), (2.2, 2.15), (3.2, 2.1), (3.25, 1.45)),), ((-2.2, 2.5), 0.46),
        share=0.5),
    'bus': Kind(
        Label.BUS, 2.5,
        ((-5.6, 0.4), (-5.6, 3.05), (5.5, 3.05), (5.6, 0.4)), ('rear', 'roof', 'front'),
        _panes(-5.3, 5.3, 8, 1.35, 2.5), ((-3.4, 3.3), 0.48), _BUS_PAINTS, share=0.5),
}


def plan_model(rng: np.random.Generator, parked: bool, away: bool) -> Model:
    """Draw a model; buses and trucks do not park."""
    names = [name for name, kind in KINDS.items()
             if not parked or kind.label == Label.CAR]
    shares = np.array([KINDS[name].share for name in names])
    name = str(rng.choice(names, p=shares / shares.sum()))
    return Model(name, int(rng.integers(len(KINDS[name].paints))), away)


@lru_cache(maxsize=None)
def build_vehicle(model: Model) -> Mesh:
    """Return the surfaces of a model around (0, 0, 0), heading along x or, not away, back."""
    kind = KINDS[model.kind]
    paint, half = kind.paints[model.paint], kind.width / 2
    side = _paint_side(kind, paint)
    (rear, _), (front, _) = kind.outline[0], kind.outline[-1]
    rear, front = min(rear, kind.outline[1][0]), max(front, kind.outline[-2][0])
    top = max(z for _, z in kind.outline)
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
        surfaces.append(Surface(np.array([x1, half, z1]), np.array([0, -kind.width, 0]), piece,
                                kind.label, mipmaps(image)))
    mesh = Mesh.of(surfaces)
    return mesh if model.away else place_vehicle(mesh, 0, 0, math.pi)


def length_of(model: Model) -> float:
    """Return the length of a model, metres."""
    xs = [x for x, _ in KINDS[model.kind].outline]
    return max(xs) - min(xs)


def place_vehicle(mesh: Mesh, x: float, y: float, heading: float) -> Mesh:
    """Return the surfaces turned about z by ``heading`` (radians) and moved to (x, y)."""
    cos, sin = math.cos(heading), math.sin(heading)
    turn = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    return Mesh(mesh.corners @ turn + [x, y, 0], mesh.across @ turn, mesh.down @ turn,
                mesh.labels, mesh.textures)


def _paint_side(kind: Kind, paint: Colour) -> NDArray[np.uint8]:
    outline = np.array(kind.outline)
    rear, top = outline[:, 0].min(), outline[:, 1].max()
    rows = round(top * TEXELS_PER_METRE)
    columns = round((outline[:, 0].max() - rear) * TEXELS_PER_METRE)

    def texels(points: NDArray[np.float64]) -> NDArray[np.int32]:
        return np.round((np.asarray(points) * [1, -1] + [-rear, top])
                        * TEXELS_PER_METRE).astype(np.int32)

    image = canvas(rows, columns, shade(paint, 0.6), HOLE)
    cv2.fillPoly(image, [texels(outline)], (*paint, OPAQUE))
    light = np.interp(np.linspace(top, 0, rows), [0, 0.35, 0.7, 0.75, top],
                      [0.45, 0.62, 1.0, 0.85, 1.05]).astype(np.float32)
    tint(image, np.broadcast_to(light[:, None], (rows, columns)))
    for window in kind.windows:
        cv2.fillPoly(image, [texels(np.array(window))], (*_GLASS, OPAQUE))
        (x0, z0), (x1, z1) = np.min(window, axis=0), np.max(window, axis=0)
        gleam = texels(np.array([(x0 + 0.1, z0), (x0 + 0.35 * (x1 - x0), z1 - 0.03),
                                 (x0 + 0.6 * (x1 - x0), z1 - 0.03), (x0 + 0.4, z0)]))
        cv2.fillPoly(image, [gleam], (78, 90, 100, OPAQUE))
    radius = kind.wheels[1]
    for x in kind.wheels[0]:
        centre = texels(np.array([x, radius])).tolist()
        for share, colour in ((1.2, (20, 20, 22)), (1.0, _TYRE), (0.62, (150, 152, 156)),
                              (0.2, (70, 72, 76))):
            cv2.circle(image, centre, round(radius * share * TEXELS_PER_METRE),
                       (*colour, OPAQUE), -1)
    low, high = texels(np.array([(rear, 0.78), (rear, 0.66)]))[:, 1]
    box(image, 0, low, 6, high, (190, 30, 26), LAMP)
    box(image, columns - 7, low, columns, high, (240, 236, 214), LAMP)
    return image


def _paint_face(face: str, paint: Colour, width: float, height: float) -> NDArray[np.uint8]:
    rows, columns = round(height * TEXELS_PER_METRE), round(width * TEXELS_PER_METRE)
    image = canvas(rows, columns, paint)
    if face == 'glass':
        image = canvas(rows, columns, (56, 64, 72))
        box(image, 0, 0, columns, rows * 0.45, (92, 104, 114))
        box(image, 0, 0, 4, rows, paint)
        box(image, columns - 4, 0, columns, rows, paint)
    elif face in ('rear', 'front'):
        _paint_end(image, face == 'rear', height)
    return image


def _paint_end(image: NDArray[np.uint8], rear: bool, height: float) -> None:
    """Paint lights, plate and bumper, and on a tall vehicle a window above them."""
    rows, columns = image.shape[:2]
    metre = TEXELS_PER_METRE
    body = image[0, 0, :3].tolist()
    if height > 1.4:
        box(image, 6, 0.16 * metre, columns - 6, rows - 1.05 * metre, _GLASS)
        box(image, 6, 0.16 * metre, columns - 6, 0.5 * metre, (84, 96, 106))
        box(image, columns / 2 - 1, 0, columns / 2 + 1, rows, shade(body, 0.6))
    lamp = (200, 34, 28) if rear else (246, 240, 216)
    top = rows - (0.62 if height < 1.4 else 0.9) * metre
    box(image, 2, top, 0.30 * metre, top + 0.17 * metre, lamp, LAMP)
    box(image, columns - 0.30 * metre, top, columns - 2, top + 0.17 * metre, lamp, LAMP)
    if not rear:
        box(image, 0.42 * metre, top + 2, columns - 0.42 * metre, top + 0.2 * metre, (30, 30, 32))
    box(image, columns / 2 - 9, rows - 0.32 * metre, columns / 2 + 9, rows - 0.21 * metre,
        (226, 224, 206))
    box(image, 0, rows - 0.18 * metre, columns, rows, shade(body, 0.4))
