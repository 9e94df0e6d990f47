# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The styles of buildings: materials, colours, and the measures of windows and floors."""

from dataclasses import dataclass, replace
from typing import NamedTuple, Optional

import numpy as np

from structvpr_ros.data.town.texture import Colour, vary

# Metres of wall above the highest floor.
PARAPET = 0.5
_WALLS = {
    'brick': ((152, 92, 72), (124, 74, 62), (186, 150, 118), (168, 112, 88)),
    'plaster': ((224, 208, 178), (226, 222, 214), (208, 168, 112), (214, 176, 160),
                (166, 176, 186), (178, 186, 164)),
    'stone': ((188, 178, 156), (166, 160, 150)),
    'concrete': ((166, 164, 158), (184, 178, 168)),
    'boards': ((142, 62, 52), (204, 202, 194), (98, 116, 126), (194, 172, 116)),
}
_TRIMS = ((232, 230, 224), (206, 196, 176), (84, 80, 76), (120, 96, 76))
_SHUTTERS = ((70, 92, 78), (92, 66, 54), (84, 100, 124))


class Window(NamedTuple):
    """
    What a window looks like.

    :param width: metres.
    :param height: metres.
    :param panes: across and down.
    :param shutters: their colour, or None without.
    :param balcony: whether there is one before it.
    """

    width: float
    height: float
    panes: tuple[int, int]
    shutters: Optional[Colour] = None
    balcony: bool = False


@dataclass(frozen=True)
class Style:
    """
    What the walls of a building look like; lengths in metres, colours RGB.

    :param material: a key of the wall materials.
    :param wall: its colour.
    :param trim: the colour of frames, sills and cornices.
    :param window: of homes, on the upper floors.
    :param bay: metres from window to window.
    :param floor_height: metres from floor to floor.
    """

    material: str
    wall: Colour
    trim: Colour
    window: Window
    bay: float
    floor_height: float

    def varied(self, rng: np.random.Generator) -> 'Style':
        """Return a neighbour's style: nearly the same, sometimes of another colour."""
        palette = _WALLS[self.material]
        wall = palette[rng.integers(len(palette))] if rng.random() < 0.3 else self.wall
        balcony = self.window.balcony and bool(rng.random() < 0.7)
        return replace(self, wall=vary(rng, wall, 7), bay=self.bay * rng.uniform(0.9, 1.12),
                       window=self.window._replace(balcony=balcony))


def plan_style(rng: np.random.Generator) -> Style:
    """Draw a style."""
    material = str(rng.choice(list(_WALLS)))
    palette = _WALLS[material]
    shutters = vary(rng, _SHUTTERS[rng.integers(len(_SHUTTERS))], 8)
    window = Window(
        width=float(rng.uniform(0.9, 1.5)), height=float(rng.uniform(1.3, 1.9)),
        panes=(int(rng.integers(1, 4)), int(rng.integers(1, 4))),
        shutters=shutters if rng.random() < 0.25 else None,
        balcony=bool(rng.random() < 0.25))
    return Style(
        material=material,
        wall=palette[rng.integers(len(palette))],
        trim=_TRIMS[rng.integers(len(_TRIMS))],
        window=window,
        bay=window.width + float(rng.uniform(0.9, 1.7)),
        floor_height=float(rng.uniform(2.8, 3.4)))
