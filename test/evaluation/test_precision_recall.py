# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Precision and recall against slow loops, and what must hold of any curve."""

from typing import Optional

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.evaluation.outcomes import NEVER, Outcomes
from structvpr_ros.evaluation.precision_recall import (average_precision, precision_recall,
                                                       recall_at_precision)

# Score (few values, so that ties happen), right, answerable.
Query = tuple[float, bool, bool]
QUERIES = st.lists(st.tuples(st.integers(-2, 3).map(lambda score: score / 4), st.booleans(),
                             st.booleans()), min_size=1, max_size=12).map(
    lambda queries: [(score, right, known or right) for score, right, known in queries])


def make(queries: list[Query]) -> Outcomes:
    scores, right, answerable = zip(*queries)
    return Outcomes(np.array(scores, np.float32), np.where(right, 1, NEVER),
                    np.array(answerable))


def slow_curve(queries: list[Query]) -> list[tuple[float, Optional[float]]]:
    """Return (precision, recall) at each distinct score, falling."""
    possible = sum(1 for _, _, known in queries if known)
    curve = []
    for threshold in sorted({score for score, _, _ in queries}, reverse=True):
        answered = [right for score, right, _ in queries if score >= threshold]
        right = len([one for one in answered if one])
        curve.append((right / len(answered), right / possible if possible else None))
    return curve


def slow_area(curve: list[tuple[float, float]]) -> float:
    area, before = 0.0, 0.0
    for precision, recall in curve:
        area += precision * (recall - before)
        before = recall
    return area


@given(QUERIES, st.sampled_from([1.0, 0.99, 0.5]))
def test_agrees_with_loops(queries: list[Query], least: float) -> None:
    outcomes, expected = make(queries), slow_curve(queries)
    curve = precision_recall(outcomes, outcomes.once)
    assert curve.precision[0].tolist() == pytest.approx([point[0] for point in expected])
    if expected[0][1] is None:
        assert np.isnan(curve.recall).all()
        return
    assert curve.recall[0].tolist() == pytest.approx([point[1] for point in expected])
    assert average_precision(curve)[0] == pytest.approx(slow_area(expected))
    assert recall_at_precision(curve, least)[0] == pytest.approx(
        max([recall for precision, recall in expected if precision >= least] + [0.0]))


@given(QUERIES, st.data())
def test_counts_stand_for_repeated_queries(queries: list[Query], data: st.DataObject) -> None:
    sets = [[data.draw(st.integers(0, 3)) for _ in queries] for _ in range(3)]
    curves = precision_recall(make(queries), np.array(sets))
    areas = average_precision(curves)
    for counts, area in zip(sets, areas):
        repeated = [query for query, count in zip(queries, counts) for _ in range(count)]
        if not any(known for _, _, known in repeated):
            assert np.isnan(area)
            continue
        assert area == pytest.approx(slow_area(slow_curve(repeated)))


@given(QUERIES, st.randoms())
def test_order_decides_nothing_and_all_lies_in_bounds(queries: list[Query], random) -> None:
    shuffled = random.sample(queries, len(queries))
    one, other = (precision_recall(make(each), np.ones((1, len(each)), int))
                  for each in (queries, shuffled))
    np.testing.assert_array_equal(one.precision, other.precision)
    np.testing.assert_array_equal(one.recall, other.recall)
    if np.isnan(one.recall).any():
        return
    assert (np.diff(one.recall[0]) >= 0).all()
    final = one.recall[0, -1]
    assert 0 <= average_precision(one)[0] <= final + 1e-12 <= 1 + 1e-12
    strict, lax = (recall_at_precision(one, least)[0] for least in (1.0, 0.99))
    assert 0 <= strict <= lax <= final


def test_a_perfect_system_has_an_area_of_one_whatever_its_scores() -> None:
    outcomes = make([(0.9, True, True), (0.1, True, True), (0.5, True, True)])
    curve = precision_recall(outcomes, outcomes.once)
    assert average_precision(curve).tolist() == [1.0]
    assert recall_at_precision(curve, 1.0).tolist() == [1.0]


def test_one_certain_mistake_costs_all_recall_at_full_precision() -> None:
    outcomes = make([(0.99, False, True)] + [(0.5, True, True)] * 99)
    curve = precision_recall(outcomes, outcomes.once)
    assert recall_at_precision(curve, 1.0).tolist() == [0.0]
    assert recall_at_precision(curve, 0.99).tolist() == [0.99]


def test_a_query_off_the_map_counts_only_when_it_is_answered() -> None:
    outcomes = make([(0.9, True, True), (0.2, False, False)])
    curve = precision_recall(outcomes, outcomes.once)
    assert curve.thresholds.tolist() == pytest.approx([0.9, 0.2])
    assert curve.precision.tolist() == [[1.0, 0.5]]
    assert curve.recall.tolist() == [[1.0, 1.0]]
