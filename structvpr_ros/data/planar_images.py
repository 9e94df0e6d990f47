# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Raw images whose colour lies in a plane of its own, behind that of the brightness.

Both planes have the same step, and the data are longer than step times height by what the
colour takes (ros2/common_interfaces, pull request 264). Drivers that keep to the letter of
sensor_msgs/Image, by which the data are step times height, are understood as well.
"""

from typing import Any, Mapping, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ImageError


class RawImage(Protocol):
    """A sensor_msgs/Image of any library; ``data`` is a buffer of bytes."""

    height: int
    width: int
    encoding: str
    is_bigendian: int
    step: int
    data: Any


# Halves of the brightness plane that the whole image takes.
ENCODINGS: Mapping[str, int] = {'nv12': 3, 'nv21': 3, 'nv24': 6}

# From Y, U, V of ITU-R BT.601, Y from 16 to 235, as OpenCV has it for the other two.
_TO_RGB = np.array([[255 / 219, 0, 1.402 * 255 / 224],
                    [255 / 219, -0.344136 * 255 / 224, -0.714136 * 255 / 224],
                    [255 / 219, 1.772 * 255 / 224, 0]])
_TO_RGB = np.hstack([_TO_RGB, -_TO_RGB @ [[16], [128], [128]]])


def decode_planar(message: RawImage) -> NDArray[np.uint8]:
    """
    Return the pixels of an image in one of ``ENCODINGS``.

    :return: RGB uint8 (height, width, 3).
    :raises ImageError: size, step and data do not fit together.
    """
    height, width, halves = message.height, message.width, ENCODINGS[message.encoding]
    step = _step(message, halves)
    rows = np.frombuffer(message.data, np.uint8)
    brightness = rows[:step * height].reshape(height, step)[:, :width]
    colour = rows[step * height:]
    if halves == 3:
        colour = colour.reshape(height // 2, step)[:, :width]
        code = cv2.COLOR_YUV2RGB_NV12 if message.encoding == 'nv12' else cv2.COLOR_YUV2RGB_NV21
        return cv2.cvtColor(np.vstack([brightness, colour]), code)
    colour = colour.reshape(height, 2 * step)[:, :2 * width].reshape(height, width, 2)
    return cv2.transform(np.dstack([brightness, colour]), _TO_RGB)


def _step(message: RawImage, halves: int) -> int:
    # Returns the bytes of a row of brightness.
    height, width, step, found = (
        message.height, message.width, message.step, len(message.data))
    what = f'{width}x{height} {message.encoding} image'
    if width == 0 or height == 0:
        raise ImageError(f'{what}: expected at least one pixel')
    if halves == 3 and (width % 2 or height % 2):
        raise ImageError(f'{what}: expected an even size, four pixels share their colour')
    if step * height == found and 2 * step == halves * width:
        return width
    if step < width:
        raise ImageError(f'{what}: expected a step of at least {width}, found {step}')
    if 2 * found != halves * step * height:
        raise ImageError(f'{what} of step {step}: expected {halves * step * height // 2} bytes, '
                         f'found {found}')
    return step
