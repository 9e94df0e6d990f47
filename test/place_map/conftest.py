# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Small maps that are made without a model, and damaged ones."""

import shutil

import numpy as np
import pytest
import yaml

from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.meta import META
from structvpr_ros.place_map.writer import write_map
from structvpr_ros.storage import file_hash


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


@pytest.fixture(scope='session')
def damage():
    """Give a function that copies a map, changes bytes of one file, and hashes it anew."""
    def make(whole, name, changes, length):
        folder = whole.with_name('attacked')
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        content = bytearray((folder / name).read_bytes())
        for place, value in changes:
            content[place % len(content)] = value
        (folder / name).write_bytes(content[:length])
        if name != META:
            head = yaml.safe_load((folder / META).read_text())
            head['files'][name] = file_hash(folder / name)
            (folder / META).write_text(yaml.safe_dump(head))
        return folder
    return make
