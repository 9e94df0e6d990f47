# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Recall at K: known answers, and a slow oracle."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.evaluation.outcomes import NEVER, Outcomes
from structvpr_ros.evaluation.recall import recall_at

QUERIES = st.lists(st.tuples(st.sampled_from([1, 2, 5, 6, 20, NEVER]), st.booleans(),
                             st.integers(0, 3)), min_size=1, max_size=10)


def make(ranks: list[int], answerable: list[bool]) -> Outcomes:
    return Outcomes(np.zeros(len(ranks), np.float32), np.array(ranks), np.array(answerable))


def test_known_answers() -> None:
    outcomes = make([1, 3, NEVER, 2], [True] * 4)
    assert [recall_at(depth, outcomes, outcomes.once).tolist() for depth in (1, 2, 3)] == [
        [0.25], [0.5], [0.75]]


def test_queries_that_nothing_could_answer_are_left_out() -> None:
    outcomes = make([1, NEVER], [True, False])
    assert recall_at(1, outcomes, outcomes.once).tolist() == [1.0]
    assert np.isnan(recall_at(1, outcomes, np.array([[0, 3]])))


@given(QUERIES)
def test_agrees_with_loops_and_never_falls_with_depth(queries: list) -> None:
    ranks = [rank for rank, _, _ in queries]
    answerable = [known or rank != NEVER for rank, known, _ in queries]
    counts = [count for _, _, count in queries]
    measured = []
    for depth in range(1, 22):
        found = possible = 0
        for rank, known, count in zip(ranks, answerable, counts):
            for _ in range(count):
                possible += known
                found += rank <= depth
        value = recall_at(depth, make(ranks, answerable), np.array([counts]))
        if not possible:
            assert np.isnan(value)
            return
        assert value[0] == pytest.approx(found / possible)
        measured.append(value[0])
    assert measured == sorted(measured)
