# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A sheet for the eye: images beside their group maps in colour, with a legend."""

from typing import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.segmentation.groups import COLOURS, GROUPS, VOID_NAME

_TILE_HEIGHT = 180
_STRIP_HEIGHT = 22
_PAIRS_PER_LINE = 2
_NAMES_PER_LINE = 7
# Degrees from hue to hue: the golden angle keeps any number of them apart.
_HUE_STEP = 137.508


def palette(names: Sequence[str]) -> NDArray[np.uint8]:
    """Return an RGB colour for void and each group, (1 + C, 3); void is black."""
    if tuple(names) == GROUPS:
        return np.array(COLOURS, np.uint8)
    number = np.arange(len(names))
    hues = np.stack([number * _HUE_STEP % 360, np.full(len(names), 0.8), 1 - number % 3 * 0.25], 1)
    colours = cv2.cvtColor(hues[None].astype(np.float32), cv2.COLOR_HSV2RGB)[0]
    return np.vstack([np.zeros(3), 255 * colours]).astype(np.uint8)


def spread_rows(conditions: Sequence[str], count: int) -> list[int]:
    """Choose up to ``count`` rows, as evenly over the conditions and within each as can be."""
    rows_of: dict[str, list[int]] = {}
    for row, condition in enumerate(conditions):
        rows_of.setdefault(condition, []).append(row)
    chosen: list[int] = []
    # Small conditions first: what they cannot fill goes to the larger ones.
    for position, rows in enumerate(sorted(rows_of.values(), key=len)):
        left = len(rows_of) - position
        share = min(len(rows), (count - len(chosen)) // left)
        chosen += [rows[(2 * i + 1) * len(rows) // (2 * share)] for i in range(share)]
    return sorted(chosen)


def preview_sheet(images: Sequence[NDArray[np.uint8]], groups: Sequence[NDArray[np.uint8]],
                  names: Sequence[str], captions: Sequence[str]) -> NDArray[np.uint8]:
    """
    Lay images and their group maps out side by side under their captions.

    :param images: N RGB images, of any size.
    :param groups: N group maps (H, W), all of one size.
    :param names: of the groups, in the order of their indices.
    :param captions: N lines.
    :return: RGB uint8; a legend of the groups lies on top.
    """
    height, width = groups[0].shape
    colours = palette(names)
    tile = (max(1, round(_TILE_HEIGHT * width / height)), _TILE_HEIGHT)
    pairs = []
    for image, group, caption in zip(images, groups, captions, strict=True):
        left = cv2.resize(image, tile, interpolation=cv2.INTER_AREA)
        right = cv2.resize(colours[group], tile, interpolation=cv2.INTER_NEAREST_EXACT)
        strip = np.full((_STRIP_HEIGHT, 2 * tile[0], 3), 255, np.uint8)
        _write(strip, caption, 4)
        pairs.append(np.vstack([strip, np.hstack([left, right])]))
    pairs += [np.full_like(pairs[0], 255)] * (-len(pairs) % _PAIRS_PER_LINE)
    lines = [np.hstack(pairs[i:i + _PAIRS_PER_LINE])
             for i in range(0, len(pairs), _PAIRS_PER_LINE)]
    return np.vstack([*_legend(lines[0].shape[1], [*names, VOID_NAME],
                               [*colours[1:], colours[0]]), *lines])


def _legend(width: int, names: Sequence[str],
            colours: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    strips = []
    for position, (name, colour) in enumerate(zip(names, colours, strict=True)):
        column = position % _NAMES_PER_LINE
        if column == 0:
            strips.append(np.full((_STRIP_HEIGHT, width, 3), 255, np.uint8))
        left = column * width // _NAMES_PER_LINE
        strips[-1][4:18, left + 4:left + 18] = colour
        _write(strips[-1], name, left + 24)
    return strips


def _write(strip: NDArray[np.uint8], text: str, left: int) -> None:
    cv2.putText(strip, text, (left, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1,
                cv2.LINE_AA)
