# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A picture of an answer: the image beside the frame of the map that it is most like."""

from typing import Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.fit import fit
from structvpr_ros.matching.recognition import Recognition

_PANEL = (216, 288)  # height and width, pixels; the whole stays below what DDS sends in one piece
_MARGIN = 8
_CAPTION = 28  # pixels, the height of the line below the panels
_SIZE = (_PANEL[0] + 2 * _MARGIN + _CAPTION, 2 * _PANEL[1] + 3 * _MARGIN, 3)

_BACKGROUND, _EMPTY, _TEXT = (24, 26, 30), (48, 52, 58), (235, 235, 235)
_LOCALIZED, _NOT_LOCALIZED = (70, 190, 110), (225, 80, 70)
_FONT, _FONT_SCALE = cv2.FONT_HERSHEY_SIMPLEX, 0.55


def draw_match(query: NDArray[np.uint8], match: Optional[NDArray[np.uint8]],
               recognition: Recognition) -> NDArray[np.uint8]:
    """
    Draw an image beside its best match, with the place, its score and whether it is trusted.

    :param query: the image, RGB uint8 (H, W, 3) of any size.
    :param match: a picture of the best candidate's frame, likewise; None where there is none.
    :param recognition: of the image.
    :return: RGB uint8 (260, 600, 3).
    """
    best = recognition.candidates[0]
    colour, verdict = (_LOCALIZED, 'localized') if recognition.localized else (
        _NOT_LOCALIZED, 'not localized')
    picture = np.full(_SIZE, _BACKGROUND, np.uint8)
    left, right = _MARGIN, 2 * _MARGIN + _PANEL[1]
    _show(picture, left, query)
    _show(picture, right, match)
    corner = (right + _PANEL[1] - 1, _MARGIN + _PANEL[0] - 1)
    cv2.rectangle(picture, (right, _MARGIN), corner, colour, 3)
    if match is None:
        _write(picture, right + _MARGIN, _MARGIN + _PANEL[0] // 2, 'the map has no picture', _TEXT)
    line = _SIZE[0] - _MARGIN - 4
    _write(picture, left, line, verdict, colour)
    _write(picture, right, line, f'{best.score:.3f}  {best.place}', _TEXT)
    return picture


def _show(picture: NDArray[np.uint8], left: int, image: Optional[NDArray[np.uint8]]) -> None:
    panel = picture[_MARGIN:_MARGIN + _PANEL[0], left:left + _PANEL[1]]
    panel[:] = _EMPTY
    if image is None:
        return
    fitted = fit(image, _PANEL)
    top, start = ((box - size) // 2 for box, size in zip(_PANEL, fitted.shape))
    panel[top:top + fitted.shape[0], start:start + fitted.shape[1]] = fitted


def _write(picture: NDArray[np.uint8], left: int, baseline: int, text: str,
           colour: tuple[int, int, int]) -> None:
    cv2.putText(picture, shorten(text, _PANEL[1] - _MARGIN), (left, baseline), _FONT, _FONT_SCALE,
                colour, 1, cv2.LINE_AA)


def shorten(text: str, width: int) -> str:
    """Return a text with so much of its middle left out that it fits a width in pixels."""
    for kept in range(min(len(text), width), 0, -1):  # no letter is narrower than a pixel
        short = text if kept == len(text) else (
            f'{text[:(kept + 1) // 2]}...{text[len(text) - kept // 2:]}')
        if _width(short) <= width:
            return short
    return ''


def _width(text: str) -> int:
    return cv2.getTextSize(text, _FONT, _FONT_SCALE, 1)[0][0]
