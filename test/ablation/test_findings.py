# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Findings: means, spreads, differences and the shape, by hand."""

import json

import numpy as np
import pytest

from structvpr_ros.ablation.figure import write_figure
from structvpr_ros.ablation.findings import Findings, SeedFindings
from structvpr_ros.ablation.hard import hard_recall
from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.score import Estimate, Score

RECALLS = {'none': (0.5, 0.6), 's1': (0.6, 0.7), 'weighted': (0.7, 0.62), 'seg': (0.9, 0.8),
           'rgb': (0.4, 0.5)}


def _findings(seeds=2):
    return Findings(('none', 's1', 'weighted'), tuple(
        SeedFindings(seed, {name: values[seed] for name, values in RECALLS.items()},
                     {'d1': 0.1 + 0.2 * seed}, []) for seed in range(seeds)))


def _score(condition, answerable, recall):
    return Score('student', condition, answerable, answerable,
                 {'R@1': Estimate(recall, recall, recall)})


def test_hard_is_what_the_map_does_not_know_weighted_by_queries():
    scores = [_score('sunny', 50, 1.0), _score('night', 30, 0.2), _score('snow', 10, 0.6),
              _score('all', 90, 0.7)]
    assert hard_recall(scores, {'sunny'}) == pytest.approx((30 * 0.2 + 10 * 0.6) / 40)
    with pytest.raises(DatasetError, match='night, snow'):
        hard_recall(scores[1:], {'night', 'snow', 'sunny'})


def test_the_shape_says_in_how_many_seeds_it_holds():
    shape = {claim: (mean, count) for claim, mean, count in _findings().shape()}
    assert set(shape) == {'weighted >= s1', 'weighted >= none + 5'}
    assert shape['weighted >= s1'] == (pytest.approx(1.0), 1)
    assert shape['weighted >= none + 5'] == (pytest.approx(11.0), 1)


def test_the_table_has_means_spreads_and_differences():
    text = str(_findings())
    line = next(line for line in text.splitlines() if line.startswith('| weighted '))
    cells = [cell.strip() for cell in line.strip('|').split('|')]
    spread, gain = np.std([70, 62], ddof=1), np.std([20, 2], ddof=1)
    assert cells == ['weighted', '66.0', f'{spread:.1f}', f'+11.0 +- {gain:.1f}', '70.0 62.0']
    assert '20.0%' in text


def test_a_single_seed_has_no_spread():
    [line] = [line for line in str(_findings(1)).splitlines() if line.startswith('| s1 ')]
    assert [cell.strip() for cell in line.strip('|').split('|')] == [
        's1', '60.0', '', '+10.0', '60.0']


def test_numbers_and_picture_on_disk(tmp_path):
    findings = _findings()
    findings.write(tmp_path / 'ablation.json')
    stored = json.loads((tmp_path / 'ablation.json').read_text())
    assert stored['seeds'][1]['recalls']['weighted'] == 0.62
    assert stored['shares']['d1'] == pytest.approx(0.2)
    write_figure(tmp_path / 'ablation.png', findings)
    assert (tmp_path / 'ablation.png').read_bytes().startswith(b'\x89PNG')
