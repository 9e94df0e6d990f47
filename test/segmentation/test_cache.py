# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The SLME cache: a round trip, and a clear error for each way it can be damaged."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from structvpr_ros.data.image_files import write_image
from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.segmentation.groups import GROUPS

IMAGE = 'images/night/a.jpg'


@pytest.fixture
def cache(tmp_path: Path) -> SlmeCache:
    made = SlmeCache(tmp_path / 'slme', 'camvid', 'abc', GROUPS, (4, 6))
    made.write_description()
    write_image(made.group_path(IMAGE), np.arange(24, dtype=np.uint8).reshape(4, 6) % 7)
    return made


def test_round_trip(cache: SlmeCache) -> None:
    opened = SlmeCache.open(cache.folder)
    assert opened == cache
    assert opened.group_path(IMAGE) == cache.folder / 'groups' / 'night' / 'a.png'
    np.testing.assert_array_equal(opened.read(IMAGE), np.arange(24).reshape(4, 6) % 7)


def test_require_names_the_first_missing_and_counts(cache: SlmeCache) -> None:
    cache.require([IMAGE])
    with pytest.raises(SegmentationError, match=r'images/b.jpg, found none \(2 missing in all'):
        cache.require([IMAGE, 'images/b.jpg', 'images/c.jpg'])


def test_no_cache(tmp_path: Path) -> None:
    with pytest.raises(SegmentationError, match='encode makes one.*no slme.yaml'):
        SlmeCache.open(tmp_path)


@pytest.mark.parametrize('old, new, part', [
    ('version: 1', 'version: 2', 'version 1 of the SLME cache, found 2'),
    ('version: 1', 'version: [1]', 'found a list of 1'),
    ('label_set: camvid', 'label_set: 3', 'found other'),
    ('- structure', '- 3', 'found other'),
    ('- 4', '- 0', 'found other'),
    ('- 4', '- 4\n- 5', 'found other'),
    ('- 4', '- true', 'found other'),
    ('groups:', 'grupes:', 'found other'),
    ('version: 1', '\x00', 'cannot be read as YAML'),
    ('version: 1', '[', 'cannot be read as YAML'),
])
def test_a_hostile_description(cache: SlmeCache, old: str, new: str, part: str) -> None:
    path = cache.folder / 'slme.yaml'
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(SegmentationError) as caught:
        SlmeCache.open(cache.folder)
    assert part in str(caught.value) and '\n' not in str(caught.value)


def test_a_missing_map(cache: SlmeCache) -> None:
    with pytest.raises(SegmentationError, match='images/b.jpg: .*b.png: .*found no file'):
        cache.read('images/b.jpg')


def test_a_truncated_map(cache: SlmeCache) -> None:
    path = cache.group_path(IMAGE)
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(SegmentationError, match='images/night/a.jpg: .*a.png'):
        cache.read(IMAGE)


@pytest.mark.parametrize('pixels, part', [
    (np.zeros((4, 6), np.uint16), '8-bit single-channel'),
    (np.zeros((4, 6, 3), np.uint8), '8-bit single-channel'),
    (np.zeros((6, 4), np.uint8), r'\(4, 6\) \(height, width\), found \(6, 4\)'),
    (np.full((4, 6), 7, np.uint8), '0..6, found 7'),
])
def test_a_foreign_map(cache: SlmeCache, pixels: np.ndarray, part: str) -> None:
    assert cv2.imwrite(str(cache.group_path(IMAGE)), pixels)
    with pytest.raises(SegmentationError, match=part):
        cache.read(IMAGE)


def test_fewer_groups_than_on_disk(cache: SlmeCache) -> None:
    with pytest.raises(SegmentationError, match='0..2, found 6'):
        replace(cache, groups=('near', 'far')).read(IMAGE)
