# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
How large an image claims to be, before anything is decoded.

A file of some bytes may hold a picture that fills the memory. OpenCV's own bound is a billion
pixels; formats that are not known here are left to it, and none of them is usual in robotics.
"""

import struct
from typing import Optional

from structvpr_ros.errors import ImageError

MOST_PIXELS = 1 << 27  # 134 megapixels, some 400 MB of them

_PNG, _JPEG = b'\x89PNG\r\n\x1a\n', b'\xff\xd8'
_TIFF = {b'II*\0': '<', b'MM\0*': '>'}
# Segments of JPEG that hold a size: start of frame, all but DHT, JPG and DAC among them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset((0x01, *range(0xD0, 0xD9)))


def check_size(data: bytes) -> None:
    """
    Check that an image in a file's bytes is of a size that one may decode.

    :raises ImageError: it claims more than ``MOST_PIXELS``.
    """
    try:
        size = _size(data)
    except struct.error:
        return  # Cut off: the decoder says so.
    if size is not None and size[0] * size[1] > MOST_PIXELS:
        raise ImageError(f'expected an image of at most {MOST_PIXELS} pixels, found one of '
                         f'{size[0]}x{size[1]}')


def _size(data: bytes) -> Optional[tuple[int, int]]:
    if data.startswith(_PNG):
        return struct.unpack_from('>II', data, 16)
    if data.startswith(_JPEG):
        return _jpeg_size(data)
    if data[:4] in _TIFF:
        return _tiff_size(data, _TIFF[data[:4]])
    return None


def _jpeg_size(data: bytes) -> Optional[tuple[int, int]]:
    place = 2
    while True:
        # Any number of fill bytes may stand before a marker.
        filler, marker = struct.unpack_from('BB', data, place)
        if filler != 0xFF:
            return None
        if marker == 0xFF:
            place += 1
        elif marker in _BARE:
            place += 2
        elif marker in _FRAMES:
            height, width = struct.unpack_from('>HH', data, place + 5)
            return width, height
        else:
            place += 2 + struct.unpack_from('>H', data, place + 2)[0]


def _tiff_size(data: bytes, order: str) -> Optional[tuple[int, int]]:
    first, = struct.unpack_from(f'{order}I', data, 4)
    count, = struct.unpack_from(f'{order}H', data, first)
    found = {}
    for entry in range(count):
        tag, kind = struct.unpack_from(f'{order}HH', data, first + 2 + 12 * entry)
        if tag in (256, 257):
            found[tag], = struct.unpack_from(
                f'{order}{"H" if kind == 3 else "I"}', data, first + 10 + 12 * entry)
    return (found[256], found[257]) if len(found) == 2 else None
