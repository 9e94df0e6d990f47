# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Square cells over a street, seen from above: of its ground, its heights and its lamplight."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.layout import FIRST_X, Street

HALF_WIDTH = 26.0
_MARGIN = 20.0

Coordinate = TypeVar('Coordinate', float, NDArray[np.floating])


@dataclass(frozen=True)
class Grid:
    """
    Cells in columns along x from ``FIRST_X`` and in rows along -y from ``HALF_WIDTH``.

    :param street: whose ground is divided.
    :param density: cells per metre.
    """

    street: Street
    density: float

    @property
    def shape(self) -> tuple[int, int]:
        """Return the number of rows and columns."""
        length = self.street.last_x + _MARGIN - FIRST_X
        return round(2 * HALF_WIDTH * self.density), round(length * self.density)

    def column(self, x: Coordinate) -> Coordinate:
        """Return the column of x (metres), as a real number; centres are whole."""
        return (x - FIRST_X) * self.density - 0.5

    def row(self, y: Coordinate) -> Coordinate:
        """Return the row of y (metres), as a real number; centres are whole."""
        return (HALF_WIDTH - y) * self.density - 0.5

    def centres(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return x (1, W) and y (H, 1) of the centres, metres."""
        down, along = ((np.arange(size, dtype=np.float32) + 0.5) / self.density
                       for size in self.shape)
        return (along + FIRST_X)[None], (HALF_WIDTH - down)[:, None]

    def outline(self, x: NDArray[np.float64], low: float, high: float) -> NDArray[np.int32]:
        """
        Return the cells (2 N, 2) around what lies between two distances from the centre line.

        :param x: (N,) metres along the street.
        :param low: metres from the centre line, positive to the left.
        :param high: likewise.
        """
        edges = [np.stack([self.column(x), self.row(self.street.centre(x) + offset)], axis=1)
                 for offset in (low, high)]
        return np.round(np.concatenate([edges[0], edges[1][::-1]])).astype(np.int32)
