# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The frame of a building: to the right as seen from the street, back, and up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.layout import Street
from structvpr_ros.data.town.plots import Building, KINDS, Plot
from structvpr_ros.data.town.surface import UP


@dataclass(frozen=True)
class Frame:
    """
    Where a building stands, and its directions.

    :param side: of the street, 1 left, -1 right.
    :param origin: (3,) the left end of its front, on the ground.
    :param right: (3,) unit vector.
    :param back: (3,) unit vector.
    :param width: metres.
    """

    side: int
    origin: NDArray[np.float64]
    right: NDArray[np.float64]
    back: NDArray[np.float64]
    width: float

    def point(self, right: float, back: float, up: float) -> NDArray[np.float64]:
        """Return a point in the street's frame."""
        return self.origin + right * self.right + back * self.back + up * UP

    def side_wall(self, start: float, end: float) -> tuple[NDArray[np.float64],
                                                           NDArray[np.float64]]:
        """
        Return the wall that faces those who come along, from ``start`` to ``end`` metres back.

        :return: its left end on the ground, and the vector from there to its right end.
        """
        if self.side > 0:
            return self.point(0, end, 0), (start - end) * self.back
        return self.point(self.width, start, 0), (end - start) * self.back


def frame_of(street: Street, plot: Plot, building: Building) -> Frame:
    """Return the frame of the building of a plot."""
    margin, distance = KINDS[plot.kind].margin, street.front(plot.side) + building.setback
    ends = [np.array([x, street.centre(x) + plot.side * distance, 0.0])
            for x in (plot.start + margin, plot.end - margin)]
    left, right = ends if plot.side > 0 else ends[::-1]
    width = float(np.linalg.norm(right - left))
    along = (right - left) / width
    return Frame(plot.side, left, along, np.array([-along[1], along[0], 0.0]), width)
