# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Images to be looked at: scaled to fit a box, their proportions kept."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.resize import resize


def fit(image: NDArray[np.uint8], box: tuple[int, int]) -> NDArray[np.uint8]:
    """
    Scale an RGB image so that it just fits a box.

    :param image: uint8 (H, W, 3), of any size from one pixel on.
    :param box: height and width, at least 1.
    :return: uint8 (h, w, 3), where h is the height of the box or w its width.
    :raises ImageError: the image is empty, of another type or of another shape.
    """
    height, width = image.shape[:2]
    scale = min(box[0] / max(height, 1), box[1] / max(width, 1))
    return resize(image, (max(1, round(scale * height)), max(1, round(scale * width))))
