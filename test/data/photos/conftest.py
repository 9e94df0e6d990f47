# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Photographs with and without an EXIF header."""

import numpy as np
from PIL import Image
import pytest


@pytest.fixture
def photograph(tmp_path):
    """Give a function that writes a photograph; ``gps``, ``own``, ``general`` by number of tag."""
    def write(name='monday/a.jpg', gps=None, own=None, general=None):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        exif = Image.Exif()
        for number, values in ((0x8825, gps), (0x8769, own)):
            if values:
                exif.get_ifd(number).update(values)
        exif.update(general or {})
        pixels = np.random.default_rng(len(name)).integers(0, 256, (24, 32, 3), np.uint8)
        Image.fromarray(pixels).save(path, exif=exif)
        return path
    return write
