# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The measurement of the second stage, made for real on a miniature of one set."""

import json
from pathlib import Path
import subprocess
import sys

import numpy as np
import pytest

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_miniature(tmp_path):
    random, root, rows = np.random.default_rng(0), tmp_path / 'sets' / 'corridor', []
    for number in range(10):
        blocks = np.kron(random.integers(0, 256, (12, 16, 3), np.uint8),
                         np.ones((10, 10, 1), np.uint8))
        for split, image in (('test_map', blocks), ('test_query', blocks // 2 + 20)):
            name = f'images/{split}/{number}.png'
            write_image(root / name, image)
            rows.append((name, f'{number}', (float(number), 0.0), split))
    names, places, positions, splits = zip(*rows)
    write_place_dataset(PlaceTable(root, names, places, np.array(positions), np.zeros(len(rows)),
                                   ('',) * len(rows), splits))
    told = subprocess.run(
        [sys.executable, str(ROOT / 'tools' / 'rerank'), '--sets', str(tmp_path / 'sets'),
         '--output', str(tmp_path / 'out'), '--kinds', '[orb]', '--candidates', '4'],
        capture_output=True, text=True, check=True).stdout
    assert '| corridor | orb |' in told and 'Confidence(intercept=' in told
    assert '(default)' in told
    points = json.loads((tmp_path / 'out' / 'curves.json').read_text())['orb']['corridor']
    assert [point['verified'] for point in points] == sorted(
        point['verified'] for point in points)
    assert points[-1]['skip_lead'] is None and points[-1]['verified'] == 1
    assert all(0 <= point['recall'] <= 1 for point in points)
    assert (tmp_path / 'out' / 'curves.png').stat().st_size > 1000
