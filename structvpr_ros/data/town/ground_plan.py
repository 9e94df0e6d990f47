# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The canvas of the ground: strips along the street, painted with their class."""

from typing import Sequence

import cv2
import numpy as np

from structvpr_ros.data.town.grid import Grid
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import FIRST_X, Street
from structvpr_ros.data.town.texture import canvas, Colour, OPAQUE

TEXELS_PER_METRE = 14
_GRASS = (92, 104, 62)


class GroundPlan:
    """
    The ground of a street while it is painted.

    ``image`` (H, W, 4) is RGBA and ``classes`` (H, W) uint8, both on the cells of ``grid``.
    """

    def __init__(self, street: Street) -> None:
        self.street = street
        self.grid = Grid(street, TEXELS_PER_METRE)
        self.image = canvas(*self.grid.shape, _GRASS)
        self.classes = np.full(self.grid.shape, Label.TERRAIN, np.uint8)

    def strip(self, start: float, end: float, offsets: Sequence[float], colour: Colour,
              label: Label) -> None:
        """
        Fill a piece of a strip along the street.

        :param start: metres along the street.
        :param end: metres along the street.
        :param offsets: of its edges from the centre line, metres, positive to the left.
        """
        x = np.linspace(start, end, max(2, int((end - start) / 4)))
        outline = [self.grid.outline(x, *offsets)]
        cv2.fillPoly(self.image, outline, (*(int(part) for part in colour), OPAQUE))
        cv2.fillPoly(self.classes, outline, int(label))

    def along(self, offsets: Sequence[float], colour: Colour, label: Label) -> None:
        """Fill a strip all along the street."""
        self.strip(FIRST_X - 20, self.street.last_x + 20, offsets, colour, label)

    def line(self, x: Sequence[float], offsets: Sequence[float], colour: Colour) -> None:
        """Draw a line, one texel wide, through points given by x and offset."""
        x = np.asarray(x)
        points = np.stack([self.grid.column(x),
                           self.grid.row(self.street.centre(x) + np.asarray(offsets))], axis=1)
        cv2.polylines(self.image, [np.round(points).astype(np.int32)], False,
                      (*(int(part) for part in colour), OPAQUE), 1)
