# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of an evaluation."""

from structvpr_ros.evaluation.score import Estimate, Score
from structvpr_ros.evaluation.score_table import by_condition, interval, query_count


def make(system: str, condition: str, answerable: int = 3) -> Score:
    return Score(system, condition, 3, answerable, {})


def test_systems_stand_side_by_side_under_each_condition() -> None:
    scores = [make(system, condition) for system in ('b', 'a') for condition in ('day', 'all')]
    assert [(row.condition, row.system) for row in by_condition(scores)] == [
        ('day', 'b'), ('day', 'a'), ('all', 'b'), ('all', 'a')]


def test_queries_that_nothing_could_answer_are_told_apart() -> None:
    assert query_count(make('a', 'day')) == '3'
    assert query_count(make('a', 'day', 1)) == '1 (+2)'


def test_intervals_are_in_percent() -> None:
    assert interval(Estimate(0.5, 0.123, 0.98765)) == '[12.3, 98.8]'
