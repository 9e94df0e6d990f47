# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The one resize that training, the map and the node share; the graph does all that follows."""

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ImageError


def resize(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """
    Resize an RGB image to what a network takes; the aspect ratio gives way.

    Shrinking averages the pixels that fall together (INTER_AREA), since a sampled one would
    alias; enlarging is bilinear. An image of four times the size is halved first: OpenCV averages
    two by two pixels many times as fast as other areas, and all that differs is how an area that
    cuts such a block shares it. A descriptor depends on these choices, hence there is one resize.

    :param image: uint8 (H, W, 3), of any size from one pixel on.
    :param size: height and width wanted.
    :return: uint8 (height, width, 3); the image itself where it has that size already.
    :raises ImageError: the image is empty, of another type or of another shape.
    """
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or image.ndim != 3 \
            or image.shape[2] != 3 or image.size == 0:
        raise ImageError(f'expected an RGB image, uint8 (H, W, 3), found {_describe(image)}')
    height, width = size
    image = _halved(image, height, width)
    if image.shape[:2] == (height, width):
        return image
    shrinks = height <= image.shape[0] and width <= image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(image, (width, height), interpolation=method)


def _halved(image: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    rows, columns = image.shape[:2]
    if rows % 2 or columns % 2 or rows < 4 * height or columns < 4 * width:
        return image
    half = cv2.resize(image, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA)
    return _halved(half, height, width)


def _describe(image: object) -> str:
    if isinstance(image, np.ndarray):
        return f'{image.dtype} {image.shape}'
    return type(image).__name__
