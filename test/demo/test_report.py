# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The numbers and pictures that the demonstration ends with."""

import json
from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.demo.answers import LiveAnswer
from structvpr_ros.demo.report import format_report, live_result, write_report, write_sheet
from structvpr_ros.evaluation.score import Estimate, Score

ANSWERS = [LiveAnswer(f'images/{row}.png', 0.01 * (row + 1), (('a', 0.5),)) for row in range(3)]
RIGHT = {'images/0.png': True, 'images/1.png': False, 'images/2.png': True, 'images/3.png': None}
SCORES = [Score('student', 'night', 5, 4, {
    'R@1': Estimate(0.5, 0.2, 0.7), 'R@5': Estimate(0.75, 0.5, 1), 'R@10': Estimate(1, 1, 1)})]
SHARES = {'d1': 0.1, 'd2': 0.2, 'd3': 0.3, 'd4': 0.4, 's1': 0.6}


def test_live_result_counts_sent_answered_and_right() -> None:
    result = live_result(ANSWERS, RIGHT)
    assert (result.sent, result.answered, result.right) == (4, 3, 2)
    assert result.recall == pytest.approx(2 / 3)
    assert result.latency_p50_ms == pytest.approx(20)
    assert 29 < result.latency_p99_ms < 30


def test_report_says_the_same_to_people_and_programs(tmp_path: Path) -> None:
    text = format_report(SCORES, SHARES, live_result(ANSWERS, RIGHT))
    assert '50.0 / 75.0 / 100.0' in text
    assert '| 10.0% | 20.0% | 30.0% | 40.0% |' in text
    assert '| 4 | 3 | 66.7% | 20.0 ms |' in text
    write_report(tmp_path / 'report.json', SCORES, SHARES, live_result(ANSWERS, RIGHT))
    report = json.loads((tmp_path / 'report.json').read_text())
    assert report['scores'][0]['measures']['R@1'] == {'value': 0.5, 'low': 0.2, 'high': 0.7}
    assert report['shares'] == SHARES
    assert report['live']['right'] == 2


def test_sheet_is_a_picture_also_where_nothing_was_localized(tmp_path: Path) -> None:
    for row in range(4):
        write_image(tmp_path / f'images/{row}.png', np.full((24, 32, 3), 40 * row, np.uint8))
    table = PlaceTable(
        tmp_path, tuple(RIGHT), ('a', 'b', 'c', 'd'), np.zeros((4, 2)), np.full(4, np.nan),
        ('night', 'night', 'snow', 'snow'), ('',) * 4)
    answers = [*ANSWERS[:2], LiveAnswer('images/2.png', 0.1, ())]
    write_sheet(tmp_path / 'sheet.png', answers, RIGHT, table, table)
    assert read_image(tmp_path / 'sheet.png').std() > 10
