# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The styles of buildings: materials, colours, and the measures of windows and floors."""

from dataclasses import dataclass, replace

import numpy as np

from structvpr_ros.data.town.texture import vary

_WALLS = {
    'brick': ((152, 92, 72), (124, 74, 62), (186, 150, 118), (168, 112, 88)),
    'plaster': ((224, 208, 178), (226, 222, 214), (208, 168, 112), (214, 176, 160),
                (166, 176, 186), (178, 186, 164)),
    'stone': ((188, 178, 156), (166, 160, 150)),
    'concrete': ((166, 164, 158), (184, 178, 168)),
    'boards': ((142, 62, 52), (204, 202, 194), (98, 116, 126), (194, 172, 116)),
}
_TRIMS = ((232, 230, 224), (206, 196, 176), (84, 80, 76), (120, 96, 76))


@dataclass(frozen=True)
class FacadeStyle:
    """
    What the walls of a building look like; lengths in metres, colours RGB.

    :param material: a key of the wall materials.
    :param wall: its colour.
    :param trim: the colour of frames, sills and cornices.
    :param window: width and height of a window.
    :param bay: metres from window to window.
    :param floor_height: metres from floor to floor.
    :param bars: panes of a window across and down.
    :param shutters: the colour of shutters, or () for none.
    :param balconies: whether upper windows have balconies.
    """

    material: str
    wall: tuple[float, ...]
    trim: tuple[float, ...]
    window: tuple[float, float]
    bay: float
    floor_height: float
    bars: tuple[int, int]
    shutters: tuple[float, ...]
    balconies: bool

    def varied(self, rng: np.random.Generator) -> 'FacadeStyle':
        """Return a neighbour's style: nearly the same, sometimes of another colour."""
        palette = _WALLS[self.material]
        wall = palette[rng.integers(len(palette))] if rng.random() < 0.3 else self.wall
        return replace(self, wall=vary(rng, wall, 7), bay=self.bay * rng.uniform(0.9, 1.12),
                       balconies=bool(self.balconies and rng.random() < 0.7))


def plan_style(rng: np.random.Generator) -> FacadeStyle:
    """Draw a style."""
    material = str(rng.choice(list(_WALLS)))
    palette = _WALLS[material]
    width = float(rng.uniform(0.9, 1.5))
    return FacadeStyle(
        material=material,
        wall=palette[rng.integers(len(palette))],
        trim=_TRIMS[rng.integers(len(_TRIMS))],
        window=(width, float(rng.uniform(1.3, 1.9))),
        bay=width + float(rng.uniform(0.9, 1.7)),
        floor_height=float(rng.uniform(2.8, 3.4)),
        bars=(int(rng.integers(1, 4)), int(rng.integers(1, 4))),
        shutters=vary(rng, ((70, 92, 78), (92, 66, 54), (84, 100, 124))[rng.integers(3)], 8)
        if rng.random() < 0.25 else (),
        balconies=bool(rng.random() < 0.25))
