# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
What of a camera's image a network gets to see: undistorted, masked, cut out.

A map answers only to images that are seen as its own were: what is chosen here for the robot
must have been done to the images of the map.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.image_files import read_image
from structvpr_ros.errors import ConfigurationError, ImageError
from structvpr_ros.inference.camera_model import CameraModel, NEUTRAL

# All of the image, as in sensor_msgs/RegionOfInterest.
WHOLE = (0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class View:
    """
    A way to look at images: first the camera, then the mask, then the region.

    Mask and region are of the undistorted image where there is a camera.

    :param camera: takes its distortion away; None leaves it.
    :param mask: uint8 (H, W); where it is 0, the image is made ``NEUTRAL``. Stretched to the
        size of the image. None hides nothing.
    :param region: x, y of the upper left corner, width and height in pixels; ``WHOLE`` cuts
        nothing off.
    """

    camera: Optional[CameraModel] = None
    mask: Optional[NDArray[np.uint8]] = None
    region: tuple[int, int, int, int] = WHOLE

    @property
    def matrix(self) -> Optional[NDArray[np.float64]]:
        """Return the intrinsic matrix, float64 (3, 3), of what is seen; None without a camera."""
        if self.camera is None:
            return None
        matrix = np.reshape(self.camera.projection, (3, 3)).astype(np.float64)
        matrix[:2, 2] -= self.region[:2]
        return matrix

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """
        Return what is to be seen of an image; the image itself is left alone.

        :param image: RGB uint8 (H, W, 3).
        :return: uint8 (H', W', 3), contiguous.
        :raises ImageError: the image is not of the camera's size, or does not hold the region.
        """
        if self.camera is not None:
            image = self.camera.undistort(image)
        if self.mask is not None:
            image = _hide(image, self.mask)
        return image if self.region == WHOLE else _cut_out(image, self.region)


def check_region(region: tuple[int, ...]) -> None:
    """
    Check that some image holds a region.

    :raises ConfigurationError: none does.
    """
    if region == WHOLE:
        return
    if len(region) != 4 or min(region) < 0 or min(region[2:]) == 0:
        raise ConfigurationError(
            'expected x, y, width and height in pixels, or four zeros for the whole image, '
            f'found {list(region)}')


def read_mask(path: Path) -> NDArray[np.uint8]:
    """
    Read a mask from an image file.

    :return: uint8 (H, W), 0 where the image is black.
    :raises ImageError: the file is missing, no image, or black everywhere.
    """
    mask = read_image(path).max(axis=2)
    if not mask.any():
        raise ImageError(f'{path}: expected a mask that leaves something to see, '
                         'found it black everywhere')
    return mask


def _hide(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    if mask.shape != (height, width):
        mask = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)
    hidden = np.empty_like(image)
    # NumPy takes ten times as long to fill it.
    cv2.rectangle(hidden, (0, 0), (width - 1, height - 1), NEUTRAL, cv2.FILLED)
    cv2.copyTo(image, mask, hidden)
    return hidden


def _cut_out(image: NDArray[np.uint8],
             region: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    x, y, width, height = region
    if x + width > image.shape[1] or y + height > image.shape[0]:
        raise ImageError(f'expected an image that holds the region {list(region)}, '
                         f'found {image.shape[1]}x{image.shape[0]}')
    return np.ascontiguousarray(image[y:y + height, x:x + width])
