# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Images that claim to be larger than any memory are refused unseen."""

import struct
import zlib

import cv2
from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.image_files import check_image, read_image
from structvpr_ros.data.image_header import check_size
from structvpr_ros.data.image_messages import decode_compressed
from structvpr_ros.errors import ImageError


def encoded(suffix, height=24, width=32) -> bytes:
    return cv2.imencode(suffix, np.zeros((height, width, 3), np.uint8))[1].tobytes()


def huge_png(width, height) -> bytes:
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(
            kind + data))
    header = struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(
        b'IDAT', zlib.compress(bytes(1000))) + chunk(b'IEND', b'')


def huge_jpeg(width, height) -> bytes:
    data = bytearray(encoded('.jpg'))
    place = data.find(b'\xff\xc0')
    data[place + 5:place + 9] = struct.pack('>HH', height, width)
    return bytes(data)


def huge_tiff(width, height) -> bytes:
    return b'II*\0' + struct.pack('<IHHHIIHHIII', 8, 2, 256, 4, 1, width, 257, 4, 1, height, 0)


class Message:
    format = 'any'  # noqa: A003

    def __init__(self, data):
        self.data = data


@pytest.mark.parametrize('data', [
    huge_png(100_000, 100_000), huge_png(20_000, 20_000), huge_png(2 ** 31 - 1, 1),
    huge_jpeg(65_000, 65_000), huge_jpeg(12_000, 12_000), huge_tiff(100_000, 100_000)])
def test_a_header_that_claims_too_much(tmp_path, data):
    with pytest.raises(ImageError, match='expected an image of at most .* pixels, found'):
        decode_compressed(Message(data))
    path = tmp_path / 'a.jpg'
    path.write_bytes(data)
    for read in (read_image, check_image):
        with pytest.raises(ImageError, match='a.jpg: expected an image of at most'):
            read(path)


@pytest.mark.parametrize('suffix', ['.png', '.jpg', '.tiff', '.bmp', '.webp'])
def test_usual_images_pass(tmp_path, suffix):
    data = encoded(suffix)
    check_size(data)
    assert decode_compressed(Message(data)).shape == (24, 32, 3)


@given(st.sampled_from(['.png', '.jpg', '.tiff']), st.data())
def test_damaged_headers_are_refused_or_left_to_the_decoder(suffix, data):
    content = bytearray(encoded(suffix))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        check_size(bytes(content[:data.draw(st.integers(0, len(content)))]))
    except ImageError:
        pass
