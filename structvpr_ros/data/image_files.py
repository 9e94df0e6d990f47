# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Images and label maps as files: read with clear errors, written aside and renamed."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.image_header import check_size
from structvpr_ros.errors import ImageError
from structvpr_ros.storage import replacing_file

# Bytes among which the size of an image stands, behind whatever a camera wrote before it.
_HEAD = 1 << 20


def read_image(path: Path) -> NDArray[np.uint8]:
    """
    Read an image as RGB uint8 (H, W, 3).

    :raises ImageError: the file is missing or no image that OpenCV can decode.
    """
    image = _decode(path, cv2.IMREAD_COLOR)
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def read_label_map(path: Path) -> NDArray[np.uint8]:
    """
    Read a label map as uint8 (H, W) of class ids.

    :raises ImageError: the file is missing, no image, or not 8-bit single-channel.
    """
    labels = _decode(path, cv2.IMREAD_UNCHANGED)
    if labels.ndim != 2 or labels.dtype != np.uint8:
        raise ImageError(
            f'{path}: expected an 8-bit single-channel label map, '
            f'found {labels.dtype} of shape {labels.shape}')
    return labels


def check_image(path: Path) -> None:
    """
    Decode an image at an eighth of its size, the cheapest proof that it can be read.

    :raises ImageError: as ``read_image``.
    """
    _decode(path, cv2.IMREAD_REDUCED_GRAYSCALE_8)


def write_image(path: Path, image: NDArray[np.uint8]) -> None:
    """Write RGB (H, W, 3) or single-channel (H, W) uint8; the suffix chooses the format."""
    if image.ndim == 3:
        image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    with replacing_file(path) as aside:
        if not cv2.imwrite(str(aside), image):
            raise ImageError(f'{path}: OpenCV could not write an image of shape {image.shape}')


def _decode(path: Path, flag: int) -> NDArray:
    if not path.is_file():
        raise ImageError(f'{path}: expected an image, found no file')
    # Through a buffer, since imread fails on some non-ASCII paths and only warns.
    data = np.fromfile(path, np.uint8)
    try:
        check_size(data[:_HEAD].tobytes())
    except ImageError as error:
        raise ImageError(f'{path}: {error}') from error
    try:
        image = cv2.imdecode(data, flag)
    except cv2.error as error:
        raise ImageError(f'{path}: cannot be decoded: {error.err or error}') from error
    if image is None:
        raise ImageError(f'{path}: expected an image, found {path.stat().st_size} bytes '
                         'that OpenCV cannot decode')
    return image
