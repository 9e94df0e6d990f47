# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Small maps that are made without a model."""

import numpy as np
import pytest

from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.writer import write_map


@pytest.fixture
def make_map(tmp_path):
    """Give a function that writes a map of N images of one source and returns its folder."""
    def make(name='map', count=4, source='monday', thumbnails=True, **changes):
        random = np.random.default_rng(len(source) + count)
        descriptors = random.normal(size=(count, 5)).astype(np.float32)
        entries = [PosedImage(source, f'{row}.png', f'p{row // 2}', float(row), 2.0, 0.5, None,
                              'day' if row % 2 else 'night') for row in range(count)]
        return write_map(tmp_path / name, MapContent(**{
            'entries': entries, 'fingerprint': 'f' * 64, 'frame_id': 'map',
            'descriptors': descriptors / np.linalg.norm(descriptors, axis=1, keepdims=True),
            'thumbnails': [f'{source} {row}'.encode() for row in range(count)]
            if thumbnails else None, **changes}))
    return make
