# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
How a camera bends the world, and its images without that.

Models and their coefficients are those of sensor_msgs/CameraInfo, which are OpenCV's: Brown,
Decentering Distortion of Lenses, 1966, with the rational extension, and for ``equidistant``
Kannala, Brandt, A Generic Camera Model, PAMI 2006.
"""

from dataclasses import dataclass
from functools import lru_cache
import math

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ImageError

# What is not to be seen is filled with the mean colour of ImageNet, which is nothing at all to
# a network: after normalisation it is 0.
NEUTRAL = (124, 116, 104)

# How many coefficients a model may have; none means no distortion.
MODELS = {'plumb_bob': (4, 5), 'rational_polynomial': (8, 12, 14), 'equidistant': (4,)}


@dataclass(frozen=True)
class CameraModel:
    """
    A calibrated camera; equal ones share their tables.

    :param size: height and width of its images.
    :param distortion_model: a key of ``MODELS``.
    :param distortion: coefficients, as many as the model has, or none.
    :param matrix: 9 numbers by rows, the intrinsic matrix of the images that the camera gives.
    :param rotation: 9 numbers by rows, from the camera to how the undistorted image looks.
    :param projection: 9 numbers by rows, the intrinsic matrix of the undistorted image.
    :raises ImageError: they do not make a camera.
    """

    size: tuple[int, int]
    distortion_model: str
    distortion: tuple[float, ...]
    matrix: tuple[float, ...]
    rotation: tuple[float, ...]
    projection: tuple[float, ...]

    def __post_init__(self) -> None:
        model, count = self.distortion_model, len(self.distortion)
        if model not in MODELS:
            raise ImageError(f'expected a distortion model of {", ".join(MODELS)}; '
                             f'found {model!r}')
        if count and count not in MODELS[model]:
            raise ImageError(f'expected {" or ".join(map(str, MODELS[model]))} coefficients of '
                             f'{model}, found {count}')
        numbers = (*self.distortion, *self.matrix, *self.rotation, *self.projection)
        if not all(map(math.isfinite, numbers)):
            raise ImageError('expected finite numbers in a calibration, found NaN or infinity')
        for lens in (self.matrix, self.projection):
            if not (lens[0] > 0 and lens[4] > 0):
                raise ImageError('expected a calibrated camera, found a focal length of '
                                 f'{lens[0]:g}, {lens[4]:g}')

    def undistort(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """
        Return the image as a camera without distortion sees it; ``NEUTRAL`` where it sees more.

        :param image: RGB uint8 (H, W, 3).
        :return: of the same size.
        :raises ImageError: the image is not of the camera's size.
        """
        if image.shape[:2] != self.size:
            height, width = self.size
            raise ImageError(f'expected an image of {width}x{height}, as its calibration is, '
                             f'found {image.shape[1]}x{image.shape[0]}')
        return cv2.remap(image, *_tables(self), cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_CONSTANT, borderValue=NEUTRAL)


@lru_cache(maxsize=2)
def _tables(camera: CameraModel) -> tuple[NDArray[np.int16], NDArray[np.uint16]]:
    matrix, rotation, projection = (
        np.reshape(numbers, (3, 3)).astype(np.float64)
        for numbers in (camera.matrix, camera.rotation, camera.projection))
    distortion = np.array(camera.distortion or (0.0,) * 4, np.float64)
    initialize = (cv2.fisheye.initUndistortRectifyMap
                  if camera.distortion_model == 'equidistant' else cv2.initUndistortRectifyMap)
    return initialize(matrix, distortion, rotation, projection, camera.size[::-1], cv2.CV_16SC2)
