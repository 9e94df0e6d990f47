# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The walls of a building with all that is on them: fronts, gables and side walls."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.ground_floors import paint_ground_floor
from structvpr_ros.data.town.styles import PARAPET, Style, Window
from structvpr_ros.data.town.texture import box, HOLE, shade, SNOW
from structvpr_ros.data.town.walls import paint_wall, TEXELS_PER_METRE
from structvpr_ros.data.town.windows import Front, paint_window


def paint_front(rng: np.random.Generator, style: Style, width: float, floors: int,
                ground_floor: str, snowy: bool) -> NDArray[np.uint8]:
    """
    Paint the front wall of a building, without its roof.

    :param width: metres.
    :param ground_floor: as of ``Building``.
    :param snowy: whether snow lies on what sticks out.
    :return: RGBA, ``TEXELS_PER_METRE``, ``PARAPET`` metres higher than its floors.
    """
    image = paint_wall(rng, style, width, floors * style.floor_height + PARAPET)
    front = Front(rng, image, style, snowy)
    rows, columns = image.shape[:2]
    storey = style.floor_height * TEXELS_PER_METRE
    count = max(1, int((width - 0.5) / style.bay))
    # The same for all floors: windows stand in columns.
    centres = (np.arange(count) + 0.5) * columns / count
    for floor in range(1, floors):
        for centre in centres:
            paint_window(front, style.window, centre,
                         rows - (floor + 1) * storey + 0.45 * TEXELS_PER_METRE)
    if style.material in ('plaster', 'stone') and floors > 1:
        box(image, 0, rows - storey - 4, columns, rows - storey, style.trim)
        box(image, 0, rows - storey, columns, rows - storey + 2, shade(style.wall, 0.6))
    paint_ground_floor(front, ground_floor, storey, centres)
    _paint_cornice_and_pipe(front)
    return image


def paint_gable(rng: np.random.Generator, style: Style, width: float, height: float,
                snowy: bool) -> NDArray[np.uint8]:
    """Paint the triangle of wall below a roof, with a window if there is room for one."""
    image = paint_wall(rng, style, width, height)
    if height > 3:
        window = Window(0.8 * style.window.width, 0.8 * style.window.height, (2, 2))
        paint_window(Front(rng, image, style, snowy), window, image.shape[1] / 2,
                     image.shape[0] * 0.55)
    _cut_triangle(image)
    return image


def paint_side(rng: np.random.Generator, style: Style, depth: float, floors: int,
               gable: float) -> NDArray[np.uint8]:
    """
    Paint a side wall, with few windows or none.

    :param depth: metres, its width as one sees it.
    :param gable: height of the triangle on top, metres; 0 for none.
    """
    image = paint_wall(rng, style, depth, floors * style.floor_height + PARAPET + gable)
    front, window = Front(rng, image, style, False), Window(0.8, 1.2, (2, 1))
    for floor in range(floors if rng.random() < 0.6 else 0):
        top = image.shape[0] - ((floor + 1) * style.floor_height - 0.6) * TEXELS_PER_METRE
        for share in (0.3, 0.7):
            paint_window(front, window, share * image.shape[1], top)
    _cut_triangle(image[:round(gable * TEXELS_PER_METRE)])
    return image


def _cut_triangle(image: NDArray[np.uint8]) -> None:
    """Make holes left and right of a gable that fills the image; paint its edges."""
    rows, columns = image.shape[:2]
    edge = np.abs(np.arange(columns) - (columns - 1) / 2) * (2 * rows / columns)
    below = np.arange(rows)[:, None] - edge
    image[(below >= 0) & (below < 7), :3] = (216, 210, 200)
    image[below < 0, 3] = HOLE


def _paint_cornice_and_pipe(front: Front) -> None:
    image, trim = front.image, front.style.trim
    rows, columns = image.shape[:2]
    box(image, 0, 0, columns, 7, trim)
    box(image, 0, 7, columns, 10, shade(trim, 0.55))
    if front.snowy:
        box(image, 0, 0, columns, 4, SNOW)
    if front.rng.random() < 0.7:
        pipe = 3 if front.rng.random() < 0.5 else columns - 6
        box(image, pipe, 8, pipe + 3, rows, (96, 94, 92))
        box(image, pipe + 2, 8, pipe + 3, rows, (58, 57, 56))
