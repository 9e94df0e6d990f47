# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Image messages of any content: an RGB image or one of our errors, never another one."""

from dataclasses import dataclass

import cv2
from hypothesis import event, given, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.data import planar_images
from structvpr_ros.data.image_messages import ALIASES, decode_compressed, decode_image, ENCODINGS
from structvpr_ros.errors import ImageError

NAMES = sorted({*ENCODINGS, *ALIASES, *planar_images.ENCODINGS, '', '16UC1', 'rgb8\0', 'JPEG'})


@dataclass
class Raw:
    height: int
    width: int
    encoding: str
    is_bigendian: int
    step: int
    data: bytes


@dataclass
class Compressed:
    data: bytes
    format: str = 'jpeg'  # noqa: A003


SIZES = st.one_of(st.integers(0, 9), st.sampled_from([2 ** 16, 2 ** 31, 2 ** 32 - 1]))


@st.composite
def raw_messages(draw) -> Raw:
    height, width, step = draw(SIZES), draw(SIZES), draw(SIZES)
    # Often of the very length that is said, or nothing would get past that check.
    length = draw(st.sampled_from([step * height, width * height, 3 * step * height // 2,
                                   3 * width * height, draw(st.integers(0, 200))]))
    return Raw(height, width, draw(st.sampled_from(NAMES)), draw(st.integers(0, 1)), step,
               draw(st.binary(min_size=1, max_size=8)) * (min(length, 4096) // 8 + 1)
               if length > 4096 else bytes(length))


@st.composite
def compressed_messages(draw) -> Compressed:
    suffix = draw(st.sampled_from(['.png', '.jpg', '.webp', '.bmp', '.tiff', '.ppm']))
    content = bytearray(cv2.imencode(suffix, np.full((9, 7, 3), 50, np.uint8))[1].tobytes())
    for place, value in draw(st.lists(
            st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=8)):
        content[place] = value
    return Compressed(bytes(content[:draw(st.integers(0, len(content)))]))


def attack(decode, message) -> None:
    try:
        image = decode(message)
    except ImageError as error:
        event('refused')
        assert str(error)
        return
    event('decoded')
    assert image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3


@settings(max_examples=200)
@given(raw_messages())
def test_raw_images(message):
    attack(decode_image, message)


@settings(max_examples=200)
@given(compressed_messages())
def test_compressed_images(message):
    attack(decode_compressed, message)


@pytest.mark.slow
@settings(max_examples=20000)
@given(raw_messages())
def test_many_raw_images(message):
    attack(decode_image, message)


@pytest.mark.slow
@settings(max_examples=20000)
@given(compressed_messages())
def test_many_compressed_images(message):
    attack(decode_compressed, message)
