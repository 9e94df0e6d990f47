# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The whole way in small, over real DDS: every stage, the report, and a second run."""

import json
from pathlib import Path
import subprocess
import sys

import pytest

from structvpr_ros.data.image_files import read_image

pytest.importorskip('rclpy', reason='the demonstration drives a live node')

SMALL = ['--train_places', '24', '--val_places', '2', '--test_places', '3', '--epochs', '1',
         '--input_size', '[64, 96]']


def demo(output: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, '-m', 'structvpr_ros.cli.demo', '--output', str(output), *arguments],
        text=True, capture_output=True)


@pytest.mark.slow
def test_from_a_seed_to_the_report(tmp_path: Path) -> None:
    first = demo(tmp_path / 'out', *SMALL)
    assert first.returncode == 0, first.stderr
    for number in range(1, 9):
        assert f'[{number}/8] ' in first.stderr
    assert '| night ' in first.stdout and 'R@1/5/10' in first.stdout
    report = json.loads((tmp_path / 'out' / 'report.json').read_text())
    assert {row['system'] for row in report['scores']} == {'rgb', 'seg', 'student'}
    assert sum(report['shares'][group] for group in ('d1', 'd2', 'd3', 'd4')) == pytest.approx(1)
    assert report['live']['sent'] == 3 * 8
    assert read_image(tmp_path / 'out' / 'matches.png').std() > 10

    second = demo(tmp_path / 'out', *SMALL)
    assert second.returncode == 0, second.stderr
    again = json.loads((tmp_path / 'out' / 'report.json').read_text())
    assert again['scores'] == report['scores']


def test_a_demonstration_that_cannot_begin_says_why(tmp_path: Path) -> None:
    (tmp_path / 'out' / 'town').mkdir(parents=True)
    (tmp_path / 'out' / 'town' / 'precious.txt').write_text('mine')
    refused = demo(tmp_path / 'out', *SMALL)
    assert refused.returncode == 2
    assert 'demo: error: ' in refused.stderr.splitlines()[-1]
    assert (tmp_path / 'out' / 'town' / 'precious.txt').read_text() == 'mine'
