# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Scores per condition."""

import numpy as np
import pytest

from structvpr_ros.evaluation.bootstrap import Bootstrap
from structvpr_ros.evaluation.outcomes import NEVER, Outcomes
from structvpr_ros.evaluation.score import members, score

BRIEF = Bootstrap(resamples=20)


def make(ranks: list[int], answerable: list[bool]) -> Outcomes:
    return Outcomes(np.linspace(1, 0, len(ranks), dtype=np.float32), np.array(ranks),
                    np.array(answerable))


def test_each_condition_and_all() -> None:
    scores = score('net', make([1, 1, 2, NEVER], [True, True, True, False]),
                   ['day', 'day', 'night', 'night'], BRIEF)
    assert [(row.condition, row.queries, row.answerable, row.measures['R@1'].value)
            for row in scores] == [
        ('day', 2, 2, 1.0), ('night', 2, 1, 0.0), ('all', 4, 3, pytest.approx(2 / 3))]
    assert scores[1].measures['R@5'].value == 1.0
    for row in scores:
        for estimate in row.measures.values():
            assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_a_condition_that_nothing_could_answer_has_no_score() -> None:
    scores = score('net', make([1, NEVER], [True, False]), ['day', 'night'], BRIEF)
    assert [row.condition for row in scores] == ['day', 'all']


def test_conditions_without_a_name() -> None:
    assert list(members(['', ''])) == ['all']
    assert list(members(['night', 'night'])) == ['night']
    chosen = members(['night', '', 'night'])
    assert {name: mask.tolist() for name, mask in chosen.items()} == {
        'night': [True, False, True], 'unknown': [False, True, False], 'all': [True] * 3}
