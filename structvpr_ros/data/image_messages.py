# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
From image messages to RGB arrays; a message that does not hold together is told, not guessed.

Colours are converted by cv_bridge where ROS provides one that works, else by rosbags-image.
Only this file knows which: both get tight rows in the byte order of this machine, since
neither copes with all the rest. A message is whatever has the fields of its type, so that those
of rclpy and those read from a bag serve alike.
"""

from dataclasses import dataclass
from functools import lru_cache
import logging
import sys
from typing import Any, Callable, Mapping, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data import planar_images
from structvpr_ros.data.image_header import check_size
from structvpr_ros.data.planar_images import RawImage
from structvpr_ros.errors import ImageError


@dataclass(frozen=True)
class Pixels:
    """
    A whole image in one buffer, with the fields that the converters read from a message.

    :param encoding: a key of ``ENCODINGS``.
    :param step: bytes of a row; there is no padding.
    :param data: contiguous uint8 (height * step,), samples in the byte order of this machine.
    """

    height: int
    width: int
    encoding: str
    step: int
    data: NDArray[np.uint8]
    is_bigendian: bool = sys.byteorder == 'big'


class CompressedData(Protocol):
    """A sensor_msgs/CompressedImage of any library; ``data`` are bytes in whatever container."""

    format: str
    data: Any


Converter = Callable[[Pixels], NDArray[np.uint8]]

# Channels and bytes of a sample, by the names of sensor_msgs/image_encodings. 16UC1 and 32FC1
# are not among them: they carry depth (REP 118).
ENCODINGS: Mapping[str, tuple[int, int]] = {
    'mono8': (1, 1), 'mono16': (1, 2),
    'rgb8': (3, 1), 'bgr8': (3, 1), 'rgba8': (4, 1), 'bgra8': (4, 1),
    'rgb16': (3, 2), 'bgr16': (3, 2), 'rgba16': (4, 2), 'bgra16': (4, 2),
    'yuv422': (2, 1), 'yuv422_yuy2': (2, 1),
    **{f'bayer_{pattern}{8 * size}': (1, size)
       for pattern in ('rggb', 'bggr', 'gbrg', 'grbg') for size in (1, 2)},
}

# Other names of the same layouts; matrices without a colour space are OpenCV's, hence BGR.
ALIASES: Mapping[str, str] = {
    '8UC1': 'mono8', '8UC3': 'bgr8', '8UC4': 'bgra8', 'uyvy': 'yuv422', 'yuyv': 'yuv422_yuy2'}


def decode_image(message: RawImage) -> NDArray[np.uint8]:
    """
    Return the pixels of a raw image message; 16-bit samples are scaled from their full range.

    :return: RGB uint8 (height, width, 3).
    :raises ImageError: the encoding is unknown, or size, step and data do not fit together.
    """
    if message.encoding in planar_images.ENCODINGS:
        return planar_images.decode_planar(message)
    return _converter()(unpack(message))


def decode_compressed(message: CompressedData) -> NDArray[np.uint8]:
    """
    Return the pixels of a compressed image message in any format that OpenCV reads.

    :return: RGB uint8 (H, W, 3).
    :raises ImageError: the data are empty, cut off, no image or one of too many pixels.
    """
    data = bytes(message.data)
    if not data:
        raise ImageError('expected a compressed image, found no data')
    if data.startswith(_JPEG_START) and data.rfind(_JPEG_END) < data.rfind(_JPEG_SCAN):
        raise ImageError(f'JPEG image of {len(data)} bytes is cut off: no end after its scan')
    check_size(data)
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise ImageError(f'compressed image: {error.err or error}') from error
    if image is None:
        raise ImageError(f'expected a compressed image, found {len(data)} bytes of format '
                         f'{message.format!r} that OpenCV cannot decode')
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


# OpenCV 4 fills a JPEG that is cut off with grey and says nothing. None of these pairs of
# bytes can stand among the samples of a scan.
_JPEG_START, _JPEG_SCAN, _JPEG_END = b'\xff\xd8', b'\xff\xda', b'\xff\xd9'


def unpack(message: RawImage) -> Pixels:
    """
    Check a raw image message and free its rows of padding and of a foreign byte order.

    :raises ImageError: as ``decode_image``.
    """
    encoding = ALIASES.get(message.encoding, message.encoding)
    if encoding not in ENCODINGS:
        known = ', '.join([*ENCODINGS, *ALIASES, *planar_images.ENCODINGS])
        raise ImageError(f'expected an encoding of {known}; found {message.encoding!r}')
    channels, size = ENCODINGS[encoding]
    row = message.width * channels * size
    _check_geometry(message, encoding, row)
    rows = np.frombuffer(message.data, np.uint8).reshape(message.height, message.step)
    data = np.ascontiguousarray(rows[:, :row]).reshape(-1)
    if size == 2 and bool(message.is_bigendian) != (sys.byteorder == 'big'):
        data = data.view(np.uint16).byteswap().view(np.uint8)
    return Pixels(message.height, message.width, encoding, row, data)


def _check_geometry(message: RawImage, encoding: str, row: int) -> None:
    what = f'{message.width}x{message.height} {message.encoding} image'
    if message.width == 0 or message.height == 0:
        raise ImageError(f'{what}: expected at least one pixel')
    if 'yuv422' in encoding and message.width % 2:
        raise ImageError(f'{what}: expected an even width, two pixels share their colour')
    if message.step < row:
        raise ImageError(f'{what}: expected a step of at least {row}, found {message.step}')
    if len(message.data) != message.step * message.height:
        raise ImageError(f'{what} of step {message.step}: expected '
                         f'{message.step * message.height} bytes, found {len(message.data)}')


def with_cv_bridge() -> Converter:
    """
    Return the conversion by the cv_bridge of a ROS installation.

    :raises Exception: there is none, or none for this NumPy, which shows in many ways.
    """
    from cv_bridge import CvBridge, CvBridgeError
    bridge = CvBridge()
    return _proven(lambda pixels: bridge.imgmsg_to_cv2(pixels, 'rgb8'), CvBridgeError)


def with_rosbags() -> Converter:
    """
    Return the conversion by rosbags-image.

    :raises ImportError: it is not installed.
    """
    from rosbags.image import image_to_cvimage
    return _proven(lambda pixels: image_to_cvimage(pixels, 'rgb8'), cv2.error)


def _proven(convert: Converter, failure: type[Exception]) -> Converter:
    def convert_or_tell(pixels: Pixels) -> NDArray[np.uint8]:
        try:
            return convert(pixels)
        except failure as error:
            raise ImageError(
                f'{pixels.width}x{pixels.height} {pixels.encoding} image: {error}') from error

    one_pixel = Pixels(1, 1, 'bgr8', 3, np.array([1, 2, 3], np.uint8))
    if convert(one_pixel).tolist() != [[[3, 2, 1]]]:
        raise ImportError('converts bgr8 to rgb8 wrongly')
    return convert_or_tell


@lru_cache(maxsize=None)
def _converter() -> Converter:
    try:
        return with_cv_bridge()
    except Exception as error:
        reason = f'{type(error).__name__}: {error}'
        logging.getLogger(__name__).info('no cv_bridge (%s): using rosbags-image', reason)
    try:
        return with_rosbags()
    except ImportError as error:
        raise ImageError(
            f'raw images need cv_bridge, which does not work here ({reason}), or the Python '
            'package rosbags-image, which is not installed') from error
