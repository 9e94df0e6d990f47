# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Images and label maps through files."""

from pathlib import Path
import struct
import zlib

import cv2
import numpy as np
import pytest

from structvpr_ros.data.image_files import check_image, read_image, read_label_map, write_image
from structvpr_ros.errors import ImageError


def test_png_round_trip_keeps_every_byte_and_the_channel_order(tmp_path: Path) -> None:
    image = np.random.default_rng(0).integers(0, 256, (9, 7, 3), np.uint8)
    write_image(tmp_path / 'a.png', image)
    np.testing.assert_array_equal(read_image(tmp_path / 'a.png'), image)
    assert cv2.imread(str(tmp_path / 'a.png'))[0, 0, 0] == image[0, 0, 2]


def test_label_map_round_trip(tmp_path: Path) -> None:
    labels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    write_image(tmp_path / 'a.png', labels)
    np.testing.assert_array_equal(read_label_map(tmp_path / 'a.png'), labels)


def test_grey_is_read_as_rgb(tmp_path: Path) -> None:
    write_image(tmp_path / 'a.png', np.full((4, 5), 77, np.uint8))
    assert (read_image(tmp_path / 'a.png') == np.full((4, 5, 3), 77)).all()


@pytest.mark.parametrize('labels', [
    np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint16)])
def test_label_maps_must_be_8_bit_single_channel(tmp_path: Path, labels: np.ndarray) -> None:
    cv2.imwrite(str(tmp_path / 'a.png'), labels)
    with pytest.raises(ImageError, match='8-bit single-channel.*found'):
        read_label_map(tmp_path / 'a.png')


@pytest.mark.parametrize('read', [read_image, read_label_map, check_image])
def test_no_file_and_no_image(tmp_path: Path, read) -> None:
    with pytest.raises(ImageError, match='found no file'):
        read(tmp_path / 'gone.png')
    for content in (b'', b'text'):
        (tmp_path / 'a.png').write_bytes(content)
        with pytest.raises(ImageError, match=r'a\.png'):
            read(tmp_path / 'a.png')


def test_an_absurd_size_in_the_header_is_refused_without_allocating(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', crc)

    header = struct.pack('>IIBBBBB', 100_000, 100_000, 8, 2, 0, 0, 0)
    (tmp_path / 'huge.png').write_bytes(
        b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(b''))
        + chunk(b'IEND', b''))
    with pytest.raises(ImageError, match='huge'):
        read_image(tmp_path / 'huge.png')
