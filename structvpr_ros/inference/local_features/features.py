# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Local features, alike for all kinds: points in one frame, descriptors of unit length."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# Every image is resized to this height and width, pixels, before its features are sought, so
# that points and their tolerances mean the same everywhere. A resize changes neither which
# points may match nor, being affine, that they obey a fundamental matrix.
FRAME_SIZE = (256, 320)
# Features of an image at most, the strongest ones.
MOST = 512


@dataclass(frozen=True)
class LocalFeatures:
    """
    The local features of an image.

    :param points: float32 (N, 2), x and y in pixels of an image of ``FRAME_SIZE``; N is 0 to
        ``MOST``.
    :param descriptors: float32 (N, D), of unit length, so that their products are similarities.
    """

    points: NDArray[np.float32]
    descriptors: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.points)


class Extractor(Protocol):
    """Finds local features of one kind."""

    def extract(self, image: NDArray[np.uint8]) -> LocalFeatures:
        """
        Find the features of an RGB image, uint8 (H, W, 3) of any size.

        :raises ImageError: the array is no such image.
        """
