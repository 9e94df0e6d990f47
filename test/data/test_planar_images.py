# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Encodings in planes, against images encoded by hand by the equations of ITU-R BT.601."""

import array
from types import SimpleNamespace as Message

import numpy as np
import pytest

from structvpr_ros.data.image_messages import decode_image
from structvpr_ros.data.planar_images import ENCODINGS
from structvpr_ros.errors import ImageError

RANDOM = np.random.default_rng(7)
PIXELS = RANDOM.integers(0, 256, (6, 8, 3), np.uint8)
BLOCKS = np.kron(RANDOM.integers(0, 256, (3, 4, 3), np.uint8), np.ones((2, 2, 1), np.uint8))


def planes(rgb, encoding):
    """Return Y (H, W) and the colour plane (H or H / 2, W or 2 W)."""
    r, g, b = (rgb[..., channel] / 255 for channel in range(3))
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    y, u, v = 16 + 219 * luma, 128 + 224 * (b - luma) / 1.772, 128 + 224 * (r - luma) / 1.402
    pairs = np.stack([v, u] if encoding == 'nv21' else [u, v], 2)
    pairs = pairs if encoding == 'nv24' else pairs[::2, ::2]
    return np.rint(y), np.rint(pairs).reshape(len(pairs), -1)


def message(rgb, encoding, padding=0):
    """Return an image as a message; both planes have ``padding`` bytes behind each row."""
    height, width = rgb.shape[:2]
    y, colour = planes(rgb, encoding)
    step = width + padding
    stride = 2 * step if encoding == 'nv24' else step
    rows = [np.pad(plane, ((0, 0), (0, stride - plane.shape[1])), constant_values=99).ravel()
            for plane, stride in ((y, step), (colour, stride))]
    data = np.concatenate(rows).astype(np.uint8)
    return Message(height=height, width=width, encoding=encoding, step=step,
                   is_bigendian=False, data=array.array('B', data.tobytes()))


@pytest.mark.parametrize('padding', [0, 6])
@pytest.mark.parametrize('encoding', ENCODINGS)
def test_colours_come_back(encoding, padding):
    rgb = PIXELS if encoding == 'nv24' else BLOCKS
    decoded = decode_image(message(rgb, encoding, padding))
    assert decoded.dtype == np.uint8
    np.testing.assert_allclose(decoded.astype(int), rgb, atol=3)


@pytest.mark.parametrize('encoding', ENCODINGS)
def test_a_step_that_counts_the_colour_is_understood(encoding):
    sent = message(BLOCKS, encoding)
    sent.step = len(sent.data) // sent.height
    np.testing.assert_allclose(decode_image(sent).astype(int), BLOCKS, atol=3)


@pytest.mark.parametrize('encoding', ENCODINGS)
@pytest.mark.parametrize('change, complaint', [
    ({'width': 0}, 'at least one pixel'),
    ({'height': 0}, 'at least one pixel'),
    ({'step': 7}, 'step of at least 8, found 7'),
    ({'step': 9}, 'bytes, found'),
    ({'height': 8}, 'bytes, found'),
    ({'height': 4_000_000_000, 'width': 2}, 'bytes, found'),
    ({'data': array.array('B')}, 'found 0')])
def test_a_message_that_does_not_hold_together_is_told(encoding, change, complaint):
    broken = message(BLOCKS, encoding)
    for name, value in change.items():
        setattr(broken, name, value)
    with pytest.raises(ImageError, match=complaint):
        decode_image(broken)


@pytest.mark.parametrize('encoding', ['nv12', 'nv21'])
@pytest.mark.parametrize('size', [(5, 8), (6, 7), (1, 1)])
def test_odd_sizes_cannot_share_their_colour(encoding, size):
    height, width = size
    with pytest.raises(ImageError, match='even size'):
        decode_image(Message(height=height, width=width, encoding=encoding, step=width,
                             is_bigendian=False, data=array.array('B', bytes(3 * height * width))))
