# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Windows with frames, panes, curtains, sills, shutters and balconies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.styles import Style, Window
from structvpr_ros.data.town.texture import box, OPAQUE, shade, SNOW, vary
from structvpr_ros.data.town.walls import TEXELS_PER_METRE

_IRON = (44, 44, 48)


@dataclass(frozen=True)
class Front:
    """
    A front while it is painted.

    :param rng: the stream that its details are drawn from.
    :param image: RGBA, ``TEXELS_PER_METRE``, painted in place.
    :param snowy: whether snow lies on what sticks out.
    """

    rng: np.random.Generator
    image: NDArray[np.uint8]
    style: Style
    snowy: bool


def paint_window(front: Front, window: Window, centre: float, top: float) -> None:
    """
    Paint a window; ``centre`` (of its width) and ``top`` in texels.

    Its panes get a rank of their own at which they light up in the evening.
    """
    image, trim = front.image, front.style.trim
    width, height = window.width * TEXELS_PER_METRE, window.height * TEXELS_PER_METRE
    left, right, bottom = centre - width / 2, centre + width / 2, top + height
    box(image, left - 3, top - 4, right + 3, bottom + 2, trim)
    box(image, left - 2, top - 1, right + 2, bottom, shade(trim, 0.72))
    _paint_glass(front, left, top, right, bottom)
    for at in np.linspace(left, right, window.panes[0] + 1)[1:-1]:
        box(image, at - 1, top, at + 1, bottom, trim)
    for at in np.linspace(top, bottom, window.panes[1] + 1)[1:-1]:
        box(image, left, at - 1, right, at + 1, trim)
    if window.shutters is not None:
        for edge in (left - 3 - width * 0.42, right + 3):
            box(image, edge, top - 1, edge + width * 0.42, bottom + 1, window.shutters)
            box(image, edge, top + height * 0.5, edge + width * 0.42, top + height * 0.5 + 1,
                shade(window.shutters, 0.6))
    box(image, left - 4, bottom, right + 4, bottom + 3, SNOW if front.snowy else trim)
    box(image, left - 4, bottom + 3, right + 4, bottom + 5, shade(trim, 0.5))
    if window.balcony:
        _paint_balcony(front, left, bottom, right)


def _paint_glass(front: Front, left: float, top: float, right: float, bottom: float) -> None:
    """Paint glass: it mirrors the sky above and is dark below, with curtains or a blind."""
    rng, image = front.rng, front.image
    rank = int(rng.integers(OPAQUE + 8, 232))
    width, height = right - left, bottom - top
    box(image, left, top, right, bottom, (52, 60, 68), rank)
    box(image, left, top, right, top + height * rng.uniform(0.3, 0.6), (104, 120, 134), rank)
    box(image, left, top, right, top + 3, (34, 38, 42), rank)
    cloth, drawn, look = vary(rng, (202, 196, 183), 17), rng.random(), rng.random()
    if look < 0.3:
        fold = width * (0.12 + 0.18 * drawn)
        box(image, left, top + 2, left + fold, bottom, cloth, rank)
        box(image, right - fold, top + 2, right, bottom, cloth, rank)
    elif look < 0.55:
        box(image, left, top + 2, right, top + height * (0.2 + 0.7 * drawn), cloth, rank)


def _paint_balcony(front: Front, left: float, floor: float, right: float) -> None:
    image, rail = front.image, floor - 0.95 * TEXELS_PER_METRE
    for at in np.arange(left - 8, right + 8, 4):
        box(image, at, rail, at + 1, floor, _IRON)
    box(image, left - 9, rail - 1, right + 9, rail + 1, SNOW if front.snowy else _IRON)
    box(image, left - 10, floor, right + 10, floor + 5, (150, 146, 140))
    box(image, left - 10, floor + 5, right + 10, floor + 9, (60, 58, 56))
