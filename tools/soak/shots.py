# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the camera of a soak sends: plain images mostly, odd ones sometimes, broken ones rarely."""

import array
from dataclasses import dataclass
import random
from typing import Callable, Iterator, Union

import cv2
from sensor_msgs.msg import CompressedImage, Image
from world import pictures

_ODD, _BROKEN = 0.10, 0.03  # shares of what is sent

# Bytes of a pixel; what the pixels hold does not matter to the node.
_ENCODINGS = {'bgr8': 3, 'rgba8': 4, 'bgra8': 4, 'mono8': 1, 'mono16': 2, 'yuv422': 2,
              'yuv422_yuy2': 2, 'bayer_rggb8': 1, 'bayer_gbrg16': 2, 'rgb16': 6, '8UC3': 3}
_SIZES = ((480, 640), (240, 320), (720, 1280), (98, 130), (2, 2))


@dataclass(frozen=True)
class Shot:
    """A message, and whether it deserves an answer."""

    message: Union[Image, CompressedImage]
    whole: bool


def raw_shots(seed: int) -> Iterator[Shot]:
    """Yield raw images for ever, the same ones for a seed."""
    plain = [_raw(480, 640, 'rgb8', 3, picture.tobytes()) for picture in pictures(8)]
    odd = [_raw(height, width, encoding, size, bytes(range(256)) * (
        height * width * size // 256 + 1)) for height, width in _SIZES
        for encoding, size in _ENCODINGS.items()]
    broken = [_changed(plain[0], **change) for change in (
        {'encoding': 'x264'}, {'width': 0, 'height': 0}, {'step': 7}, {'height': 481},
        {'data': array.array('B')})]
    return _mix(seed, plain, odd, broken)


def compressed_shots(seed: int) -> Iterator[Shot]:
    """Yield compressed images for ever, the same ones for a seed."""
    plain = [_compressed('jpeg', '.jpg', picture) for picture in pictures(8)]
    odd = [_compressed(kind, suffix, picture[:height, :width]) for height, width in _SIZES
           for kind, suffix in (('png', '.png'), ('jpeg', '.jpg'))
           for picture in pictures(2)]
    whole = bytes(plain[0].data)
    broken = [CompressedImage(format='jpeg', data=array.array('B', data)) for data in (
        b'', whole[:-300], whole[300:], b'no picture')]
    return _mix(seed, plain, odd, broken)


def _mix(seed: int, plain: list, odd: list, broken: list) -> Iterator[Shot]:
    choice = random.Random(seed)
    while True:
        which = choice.random()
        if which < _BROKEN:
            yield Shot(choice.choice(broken), whole=False)
        else:
            yield Shot(choice.choice(odd if which < _BROKEN + _ODD else plain), whole=True)


def _raw(height: int, width: int, encoding: str, size: int, data: bytes) -> Image:
    step = width * size
    return Image(height=height, width=width, encoding=encoding, step=step,
                 data=array.array('B', data[:height * step]))


def _changed(message: Image, **changes: object) -> Image:
    fields = {name: getattr(message, name) for name in message.get_fields_and_field_types()}
    return Image(**{**fields, **changes})


def _compressed(kind: str, suffix: str, picture) -> CompressedImage:
    data = cv2.imencode(suffix, picture[..., ::-1])[1].tobytes()
    return CompressedImage(format=kind, data=array.array('B', data))


SHOTS: dict[str, Callable[[int], Iterator[Shot]]] = {
    'raw': raw_shots, 'compressed': compressed_shots}
