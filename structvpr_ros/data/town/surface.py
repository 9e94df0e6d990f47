# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The one thing the town is made of: textured parallelograms in space."""

from dataclasses import dataclass, replace
import math
from typing import Iterable, NamedTuple, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.texture import Texture

UP = np.array([0.0, 0.0, 1.0])


class Surface(NamedTuple):
    """
    A parallelogram that is seen from the side where ``across`` points right, ``down`` down.

    :param corner: (3,) metres, its top left corner.
    :param across: (3,) metres, from there to the top right corner.
    :param down: (3,) metres, from there to the bottom left corner.
    :param label: its class.
    :param texture: what is painted on it, with holes where the alpha says so.
    """

    corner: NDArray[np.float64]
    across: NDArray[np.float64]
    down: NDArray[np.float64]
    label: Label
    texture: Texture


@dataclass(frozen=True)
class Mesh:
    """
    N surfaces as arrays: corners, across and down (N, 3), labels (N,) and N textures.

    ``density`` (N,) is the number of texels per metre across.
    """

    corners: NDArray[np.float64]
    across: NDArray[np.float64]
    down: NDArray[np.float64]
    labels: NDArray[np.uint8]
    textures: tuple[Texture, ...]
    density: NDArray[np.float64]

    @staticmethod
    def of(surfaces: Iterable[Surface]) -> 'Mesh':
        """Stack surfaces in the given order."""
        surfaces = list(surfaces)

        def stack(column: list[NDArray[np.float64]]) -> NDArray[np.float64]:
            return np.array(column, np.float64).reshape(-1, 3)

        across = stack([surface.across for surface in surfaces])
        texels = np.array([surface.texture[0].shape[1] for surface in surfaces])
        return Mesh(stack([surface.corner for surface in surfaces]),
                    across,
                    stack([surface.down for surface in surfaces]),
                    np.array([surface.label for surface in surfaces], np.uint8),
                    tuple(surface.texture for surface in surfaces),
                    texels / np.linalg.norm(across, axis=1))

    def __len__(self) -> int:
        return len(self.labels)

    @staticmethod
    def join(meshes: Sequence['Mesh']) -> 'Mesh':
        """Return the surfaces of all meshes (at least one), in their order."""
        return Mesh(np.concatenate([mesh.corners for mesh in meshes]),
                    np.concatenate([mesh.across for mesh in meshes]),
                    np.concatenate([mesh.down for mesh in meshes]),
                    np.concatenate([mesh.labels for mesh in meshes]),
                    tuple(texture for mesh in meshes for texture in mesh.textures),
                    np.concatenate([mesh.density for mesh in meshes]))

    def moved(self, x: float, y: float, heading: float) -> 'Mesh':
        """Return the surfaces turned about z by ``heading`` (radians), then moved by (x, y)."""
        cos, sin = math.cos(heading), math.sin(heading)
        turn = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
        return replace(self, corners=self.corners @ turn + [x, y, 0], across=self.across @ turn,
                       down=self.down @ turn)

    @property
    def normals(self) -> NDArray[np.float64]:
        """Return (N, 3) vectors of unit length, towards the side that is seen."""
        normals = np.cross(self.down, self.across)
        return normals / np.linalg.norm(normals, axis=1, keepdims=True).clip(1e-9)


def upright(x: float, y: float, width: float, height: float, label: Label, texture: Texture,
            base: float = 0.0) -> Surface:
    """
    Return a surface that stands across the street at (x, y) and faces those who drive along it.

    :param base: metres from the ground to its lower edge.
    """
    return Surface(np.array([x, y + width / 2, base + height]), np.array([0.0, -width, 0.0]),
                   np.array([0.0, 0.0, -height]), label, texture)
