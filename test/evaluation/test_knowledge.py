# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The partition of a trial, for each teacher with each student."""

from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.evaluation.knowledge import compare_knowledge
from structvpr_ros.evaluation.systems import System
from structvpr_ros.evaluation.trial import Trial

SIZE = 30
LINE = PlaceTable(
    Path('data'), tuple(f'images/{row}.png' for row in range(SIZE)), tuple(map(str, range(SIZE))),
    np.array([[100.0 * row, 0.0] for row in range(SIZE)]), np.full(SIZE, np.nan), ('',) * SIZE,
    ('',) * SIZE)
TRIAL = Trial.open(LINE.take(np.arange(4)), PlaceTable(**{**vars(LINE), 'root': Path('other')}),
                   Proximity())


def make(name: str, branch: str, ranks: list[int]) -> System:
    """Describe queries so that the positive of query q stands at rank ranks[q]."""
    queries = np.zeros((4, SIZE), np.float32)
    for query, rank in enumerate(ranks):
        others = [row for row in range(SIZE) if row != query]
        queries[query, [*others[:rank - 1], query, *others[rank - 1:]]] = np.arange(SIZE, 0, -1)
    return System(name, branch, queries, np.eye(SIZE, dtype=np.float32), None)


def test_shares_of_each_pair() -> None:
    systems = [make('teacher', 'seg', [1, 1, 2, 25]), make('before', 'rgb', [20, 3, 1, 1]),
               make('after', 'rgb', [1, 1, 2, 1]), make('peer', None, [1, 1, 1, 1])]
    before, after = compare_knowledge(systems, TRIAL)
    assert (before.teacher, before.student, before.pairs) == ('teacher', 'before', 4)
    assert {name: before.shares[name] for name in ('d1', 'd2', 'd3', 'd4')} == {
        'd1': 0.25, 'd2': 0.25, 'd3': 0.25, 'd4': 0.25}
    assert after.student == 'after' and after.shares['d2'] == 0.75
    assert after.shares['r1'] == 1 and after.shares['s2'] == pytest.approx(0.25)


def test_without_a_teacher_or_a_student_there_is_nothing_to_compare() -> None:
    for branch in ('seg', 'rgb', None):
        assert compare_knowledge([make('one', branch, [1, 1, 1, 1])], TRIAL) == []
