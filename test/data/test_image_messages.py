# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Every encoding by every converter that imports here, against images encoded by hand."""

import array
from types import SimpleNamespace as Message

import cv2
import numpy as np
import pytest

from structvpr_ros.data import image_messages
from structvpr_ros.data.image_messages import (
    ALIASES,
    decode_compressed,
    decode_image,
    ENCODINGS,
    unpack,
    with_cv_bridge,
    with_rosbags,
)
from structvpr_ros.errors import ImageError

RGB = np.random.default_rng(7).integers(0, 256, (6, 8, 3), np.uint8)
COLOURS = {'r': 200, 'g': 120, 'b': 40}


@pytest.fixture(params=[with_cv_bridge, with_rosbags], autouse=True)
def converter(request, monkeypatch):
    """Let every test of this file run with each converter."""
    try:
        convert = request.param()
    except Exception as error:
        pytest.skip(f'{request.param.__name__}: {type(error).__name__}: {error}')
    monkeypatch.setattr(image_messages, '_converter', lambda: convert)


def message(samples, encoding, padding=0, bigendian=False):
    """Return samples (H, W) or (H, W, C) as a message with ``padding`` bytes behind each row."""
    height, width = samples.shape[:2]
    samples = samples.astype(samples.dtype.newbyteorder('>' if bigendian else '<'))
    rows = np.frombuffer(samples.tobytes(), np.uint8).reshape(height, -1)
    rows = np.pad(rows, ((0, 0), (0, padding)), constant_values=99)
    return Message(height=height, width=width, encoding=encoding, step=rows.shape[1],
                   is_bigendian=bigendian, data=array.array('B', rows.tobytes()))


def colour_samples(encoding):
    """Return RGB in the order and depth of a colour encoding."""
    order = ['rgb'.index(channel) for channel in encoding.rstrip('0123456789')[:3]]
    samples = RGB[..., order]
    if 'a' in encoding:
        samples = np.concatenate([samples, np.full((6, 8, 1), 77, np.uint8)], axis=2)
    return samples.astype(np.uint16) * 257 if encoding.endswith('16') else samples


def uyvy_samples(rgb):
    """Return a grey-pair image as U Y V Y bytes, by the equations of ITU-R BT.601."""
    r, g, b = (rgb[..., channel] / 255 for channel in range(3))
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    y, u, v = 16 + 219 * luma, 128 + 224 * (b - luma) / 1.772, 128 + 224 * (r - luma) / 1.402
    chroma = np.where(np.arange(rgb.shape[1]) % 2 == 0, u, v)
    return np.rint(np.stack([chroma, y], axis=2)).astype(np.uint8)


COLOUR_ENCODINGS = [name for name in ENCODINGS if name.startswith(('rgb', 'bgr'))]


@pytest.mark.parametrize('bigendian', [False, True])
@pytest.mark.parametrize('padding', [0, 5])
@pytest.mark.parametrize('encoding', COLOUR_ENCODINGS)
def test_colours_come_back_in_rgb_order(encoding, padding, bigendian):
    decoded = decode_image(message(colour_samples(encoding), encoding, padding, bigendian))
    assert decoded.dtype == np.uint8
    # Converters may round a 16-bit sample down or to the nearest.
    np.testing.assert_allclose(decoded.astype(int), RGB, atol=1 if '16' in encoding else 0)


@pytest.mark.parametrize('bigendian', [False, True])
def test_mono_is_grey_over_its_full_range(bigendian):
    grey = RGB[..., 0]
    assert np.array_equal(decode_image(message(grey, 'mono8', 3)), np.stack([grey] * 3, 2))
    deep = grey.astype(np.uint16) * 257
    decoded = decode_image(message(deep, 'mono16', 2, bigendian))
    np.testing.assert_allclose(decoded.astype(int), np.stack([grey] * 3, 2), atol=1)


@pytest.mark.parametrize('size', [8, 16])
@pytest.mark.parametrize('pattern', ['rggb', 'bggr', 'gbrg', 'grbg'])
def test_bayer_patterns_give_their_colours(pattern, size):
    tile = np.array([COLOURS[colour] for colour in pattern]).reshape(2, 2)
    samples = np.tile(tile, (5, 6)).astype(np.uint8)
    samples = samples.astype(np.uint16) * 257 if size == 16 else samples
    decoded = decode_image(message(samples, f'bayer_{pattern}{size}', bigendian=size == 16))
    np.testing.assert_allclose(
        decoded.astype(int), np.tile(list(COLOURS.values()), (10, 12, 1)), atol=1)


@pytest.mark.parametrize('encoding', ['yuv422', 'uyvy', 'yuv422_yuy2', 'yuyv'])
def test_yuv422_follows_bt601(encoding):
    pairs = np.repeat(RGB[:, ::2], 2, axis=1)  # two neighbours share their colour
    samples = uyvy_samples(pairs)
    samples = samples[..., ::-1] if encoding in ('yuv422_yuy2', 'yuyv') else samples
    decoded = decode_image(message(np.ascontiguousarray(samples), encoding, 4))
    np.testing.assert_allclose(decoded.astype(int), pairs, atol=3)


def test_nameless_matrices_are_opencv_ones():
    bgr = np.ascontiguousarray(RGB[..., ::-1])
    assert np.array_equal(decode_image(message(bgr, '8UC3')), RGB)
    assert decode_image(message(RGB[..., 0], '8UC1'))[..., 2].tolist() == RGB[..., 0].tolist()


def test_no_encoding_is_without_a_test():
    tested = {*COLOUR_ENCODINGS, 'mono8', 'mono16', 'yuv422', 'yuv422_yuy2'}
    assert {name for name in ENCODINGS if not name.startswith('bayer')} == tested
    assert set(ALIASES.values()) <= set(ENCODINGS)


@pytest.mark.parametrize('change, complaint', [
    ({'encoding': 'x264'}, "found 'x264'"),
    ({'encoding': ''}, "found ''"),
    ({'encoding': '16UC1'}, "found '16UC1'"),
    ({'encoding': '32FC1'}, "found '32FC1'"),
    ({'width': 0}, 'at least one pixel'),
    ({'height': 0}, 'at least one pixel'),
    ({'step': 23}, 'step of at least 24, found 23'),
    ({'step': 25}, 'expected 150 bytes, found 144'),
    ({'height': 7}, 'expected 168 bytes, found 144'),
    ({'width': 4_000_000_000}, 'step of at least'),
    ({'height': 4_000_000_000}, 'bytes, found 144'),
    ({'data': array.array('B')}, 'expected 144 bytes, found 0'),
    ({'width': 7, 'encoding': 'yuv422'}, 'even width'),
])
def test_a_message_that_does_not_hold_together_is_told(change, complaint):
    broken = message(RGB, 'rgb8')
    for name, value in change.items():
        setattr(broken, name, value)
    with pytest.raises(ImageError, match=complaint):
        decode_image(broken)


def test_smallest_images_convert_or_are_told():
    for encoding, (channels, size) in ENCODINGS.items():
        tiny = Message(height=1, width=1, encoding=encoding, step=channels * size,
                       is_bigendian=False, data=array.array('B', bytes(channels * size)))
        try:
            assert decode_image(tiny).shape == (1, 1, 3)
        except ImageError:
            assert 'yuv' in encoding or 'bayer' in encoding


def test_unpacked_pixels_leave_the_message_alone():
    sent = message(colour_samples('rgb16'), 'rgb16', 2, bigendian=True)
    before = sent.data.tobytes()
    assert unpack(sent).data.size == 6 * 8 * 6
    assert sent.data.tobytes() == before


def compressed(suffix, image=RGB, kind=''):
    """Return an image as a compressed message in the format of a file suffix."""
    data = cv2.imencode(suffix, image if image.ndim == 2 else image[..., ::-1])[1]
    return Message(format=kind or suffix[1:], data=array.array('B', data.tobytes()))


def test_lossless_formats_come_back_exactly():
    assert np.array_equal(decode_compressed(compressed('.png')), RGB)
    grey = decode_compressed(compressed('.png', RGB[..., 0]))
    assert np.array_equal(grey, np.stack([RGB[..., 0]] * 3, 2))


def test_jpeg_comes_back_nearly():
    smooth = cv2.resize(RGB, (160, 120), interpolation=cv2.INTER_CUBIC)
    decoded = decode_compressed(compressed('.jpg', smooth, 'rgb8; jpeg compressed bgr8'))
    assert np.abs(decoded.astype(int) - smooth).mean() < 3


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
@pytest.mark.parametrize('share', [0.0, 0.01, 0.3, 0.6, 0.99])
def test_a_file_that_is_cut_off_is_told(suffix, share):
    whole = compressed(suffix, cv2.resize(RGB, (160, 120)))
    whole.data = whole.data[:int(share * len(whole.data))]
    with pytest.raises(ImageError):
        decode_compressed(whole)


@pytest.mark.parametrize('data', [b'\x00', b'no image at all', b'\xff\xd8', b'\xff' * 4096])
def test_what_is_no_image_is_told(data):
    with pytest.raises(ImageError, match='image'):
        decode_compressed(Message(format='jpeg', data=array.array('B', data)))
