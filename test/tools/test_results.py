# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The results page, made for real from miniature sets and from an ablation's numbers."""

import csv
import json
from pathlib import Path
import subprocess
import sys

import cv2
import numpy as np

ROOT = Path(__file__).parents[2]


def _picture(path: Path, seed: int, moved: float = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    image = np.kron(blocks, np.ones((10, 10, 1), np.uint8))
    step = np.float32([[1 + 0.02 * moved, 0.02 * moved, 0], [-0.02 * moved, 1, moved]])
    assert cv2.imwrite(str(path), cv2.warpAffine(image, step, (80, 60)))


def _sets(folder: Path) -> Path:
    for number in range(8):
        _picture(folder / f'corridor/ref/{number:07d}.jpg', number)
        _picture(folder / f'corridor/query/{number:07d}.jpg', number, moved=1)
    (folder / 'corridor/peers.json').write_text(json.dumps(
        {name: {'R@1': value, 'R@5': value, 'R@10': 1.0}
         for name, value in (('Worse', 0.25), ('Better', 0.625))}))
    with open(_touch(folder / 'ietower/frames.csv'), 'w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(('image', 'floor', 'area', 'split'))
        for walk in ('a', 'b'):
            for number in range(1, 16):
                name = f'{walk}_frame_{number:06d}.jpg'
                # The two walks look alike: half of all answers are in the wrong one, or worse.
                _picture(folder / 'ietower/images' / name, 100 + number)
                writer.writerow((name, '1', 'x', 'query' if number == 8 else 'gallery'))
    for number in range(8):
        _picture(folder / f'camvid/images/Seq05VD_f{30 * number:05d}.jpg', 200 + number // 2)
        _picture(folder / f'camvid/images/Seq05VD_f{30 * number + 2:05d}.jpg', 300)
    return folder


def _touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _ablation(path: Path) -> Path:
    recalls = {'seg': 0.9, 'rgb': 0.5, 'none': 0.5, 'weighted': 0.75}
    path.write_text(json.dumps({
        'settings': ['none', 'weighted'], 'shares': {'d1': 0.25},
        'seeds': [{'recalls': recalls}, {'recalls': {**recalls, 'weighted': 0.65}}],
        'shape': [{'claim': 'weighted >= none + 5', 'mean_difference': 20.0,
                   'holds_in_seeds': 2}]}))
    return path


def _run(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, ROOT / 'tools/results', *map(str, arguments)],
                          cwd=ROOT, text=True, capture_output=True, timeout=300)


def test_the_page_has_the_measurements_and_says_what_is_missing(tmp_path: Path) -> None:
    page = tmp_path / 'results.md'
    done = _run('--sets', _sets(tmp_path / 'sets'), '--output', tmp_path / 'out',
                '--rerank', '[orb]', '--ablation', _ablation(tmp_path / 'ablation.json'),
                '--page', page)
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    rows = [[cell.strip() for cell in line.strip('|').split('|')]
            for line in text.splitlines() if line.startswith('| ')]
    corridor = [row for row in rows if row[0].startswith('Corridor')]
    assert [row[1] for row in corridor] == [
        'untrained', 'student', 'untrained+orb', 'student+orb', 'Better, published',
        'Worse, published']
    assert corridor[1][2].startswith('100.0')  # the same pictures, a little moved
    assert corridor[3][2].startswith('100.0')
    assert corridor[4][2:] == ['62.5', '62.5', '100.0']
    tower = [row for row in rows if row[0].startswith('IE Tower')]
    assert '2 queries' in tower[0][0]
    assert not any(row[0].startswith('Nordland') for row in rows)
    streets = {row[0].partition(' (')[0]: row[0] for row in rows if row[0].startswith('CamVid')}
    assert list(streets) == ['CamVid, next second', 'CamVid, nearer', 'CamVid, aside']
    assert all('4 queries' in about for about in streets.values())  # a frame a second, every other
    assert ['weighted', '70.0', '75.0 65.0', '83.0'] in rows
    assert 'D1 25.0%' in text
    (tmp_path / 'out/corridor_report/report.html').stat()
    shapes = {kind: {split: cv2.imread(str(next(
        (tmp_path / 'out' / kind / 'images' / split).iterdir()))).shape[:2]
        for split in ('test_map', 'test_query')} for kind in ('camvid_nearer', 'camvid_aside')}
    assert shapes == {'camvid_nearer': {'test_map': (60, 80), 'test_query': (36, 48)},
                      'camvid_aside': {'test_map': (48, 49), 'test_query': (48, 49)}}


def test_nothing_at_hand_is_said(tmp_path: Path) -> None:
    page = tmp_path / 'results.md'
    assert _run('--output', tmp_path / 'out', '--page', page).returncode == 0
    assert 'None was at hand' in page.read_text() and 'Not run' in page.read_text()
