# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Judging answers, against loops."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.answers import Answers
from structvpr_ros.evaluation.outcomes import judge, NEVER


@given(st.data())
def test_agrees_with_loops(data: st.DataObject) -> None:
    size, queries = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 6))
    depth = data.draw(st.integers(1, size))
    rows = np.array([data.draw(st.permutations(range(size)))[:depth] for _ in range(queries)])
    positives = [np.array(sorted(data.draw(st.sets(st.integers(0, size - 1)))), int)
                 for _ in range(queries)]
    scores = -np.sort(np.random.default_rng(0).normal(size=(queries, depth)), axis=1)
    if not any(len(right) for right in positives):
        with pytest.raises(DatasetError, match=f'none of {queries} queries'):
            judge(Answers(scores, rows), positives)
        return
    outcomes = judge(Answers(scores, rows), positives)
    for query, right in enumerate(positives):
        rank = NEVER
        for place, row in reversed(list(enumerate(rows[query].tolist(), 1))):
            if row in right.tolist():
                rank = place
        assert outcomes.rank[query] == rank
        assert outcomes.right[query] == (rank == 1)
        assert outcomes.answerable[query] == bool(len(right))
        assert outcomes.score[query] == scores[query][0]


def test_a_part_of_the_queries() -> None:
    outcomes = judge(Answers(np.array([[3.0], [2.0]]), np.array([[0], [1]])),
                     [np.array([0]), np.array([], int)])
    part = outcomes.take(np.array([False, True]))
    assert len(part) == 1 and part.score.tolist() == [2.0] and part.rank.tolist() == [NEVER]
    assert part.answerable.tolist() == [False] and part.once.tolist() == [[1]]
