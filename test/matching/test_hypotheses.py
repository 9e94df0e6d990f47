# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Cutting a belief into hypotheses: known answers and properties."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.matching.hypotheses import rank_hypotheses
from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.matching.route import Route
from structvpr_ros.place_map.frame import Frame


def make_route(count):
    return Route([Frame(row, f'{row}', '', float(row), 0.0, None, None, '')
                  for row in range(count)], 1.0)


def rank(followed, lost, tolerance=1.0, count=2, seen=()):
    return rank_hypotheses(make_route(len(followed)), np.array(followed, np.float64), lost, seen,
                           tolerance, count)


def pairs(candidates):
    return [(candidate.place, pytest.approx(candidate.score)) for candidate in candidates]


def test_the_likeliest_place_takes_its_neighbours():
    found = rank([0, 0.25, 0.375, 0.125, 0, 0, 0.25], 0.0)
    assert pairs(found.candidates) == [('2', 0.75), ('6', 0.25)]
    assert pairs(found.support) == [('2', 0.375), ('1', 0.25), ('3', 0.125)]


def test_a_broad_hypothesis_beats_a_sharp_one():
    found = rank([0.3, 0, 0, 0.2, 0.28, 0.22], 0.0, count=1)
    assert pairs(found.candidates) == [('4', 0.7)]


def test_the_lost_are_everywhere():
    found = rank([0, 0, 0.5, 0], 0.5, tolerance=0.0, count=9)
    assert pairs(found.candidates) == [('2', 0.625), ('0', 0.125), ('1', 0.125), ('3', 0.125)]


def test_a_place_shows_the_frame_of_the_newest_image_or_its_central_one():
    seen = Frame(77, '1', '', 1.0, 0.0, None, None, '')
    found = rank([0.25, 0.5, 0, 0.25], 0.0, count=4, seen=[Candidate('1', 0.9, seen)])
    assert found.candidates[0].frame is seen
    assert found.candidates[1].frame.row == 3


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(1, 5),
       st.floats(0, 4), st.integers(1, 8))
def test_hypotheses_are_ranked_distinct_and_apart(parts, lost, tolerance, count):
    total = sum(parts) + lost
    found = rank([part / total for part in parts], lost / total, tolerance, count)
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True) and 0 < sum(scores) <= 1 + 1e-9
    xs = sorted(candidate.frame.x for candidate in found.candidates)
    assert all(right - left > tolerance for left, right in zip(xs, xs[1:]))
    assert len(xs) <= count
    if not tolerance:
        assert len(xs) == min(count, len(parts))
    assert sum(candidate.score for candidate in found.support) == pytest.approx(scores[0])
    # Nothing that was not asked for is likelier than what came first, but for the lost in it.
    everything = rank([part / total for part in parts], lost / total, tolerance, len(parts))
    assert everything.candidates[0].score <= scores[0] + lost / total + 1e-9
