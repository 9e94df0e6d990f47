# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The README's picture is what a running node publishes, for images that are asked for."""

import os
from pathlib import Path
import subprocess
import sys

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.match_picture import draw_match

ROOT = Path(__file__).resolve().parents[2]


def test_it_shows_what_the_node_shows(tiny_dataset, tiny_bundle, tiny_map, tmp_path):
    pytest.importorskip('vision_msgs', reason='needs ROS 2')
    for name, folder in (('town', tiny_dataset), ('student', tiny_bundle), ('map', tiny_map)):
        (tmp_path / name).symlink_to(folder)
    subprocess.run(
        [sys.executable, ROOT / 'tools' / 'take_match_picture.py', '--demo', tmp_path,
         '--conditions', 'night', 'night', 'night', '--row', '2', '--output',
         tmp_path / 'sheet.png'],
        env={'AMENT_PREFIX_PATH': sys.prefix, **os.environ, 'PYTHONPATH': str(ROOT)},
        check=True, timeout=120)
    table = read_place_dataset(tiny_dataset).select('test_query', 'night')
    query = read_image(table.image_path(2))
    localizer = Localizer.open(tiny_map, tiny_bundle)
    recognition = localizer.recognize(query, 0.0)
    match = localizer.place_map.thumbnails.read(recognition.candidates[0].frame.row)
    expected = draw_match(query, match, recognition)
    height, width = expected.shape[:2]
    sheet = read_image(tmp_path / 'sheet.png')
    assert sheet.shape == (2 * height + 8, 2 * width + 8, 3)
    for top, left in ((0, 0), (0, width + 8), (height + 8, 0)):
        np.testing.assert_array_equal(sheet[top:top + height, left:left + width], expected)
    assert (sheet[height + 8:, width + 8:] == 255).all()
