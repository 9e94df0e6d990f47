# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The decision: both thresholds, at and around their edges."""

from dataclasses import replace
import math

from hypothesis import given, strategies as st
import pytest

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.decision import Decision, default_decision
from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.place_map.calibration import Calibration, RerankedCalibration
from structvpr_ros.place_map.confidence import Confidence
from structvpr_ros.place_map.frame import Frame


def ranked(*scores: float) -> list[Candidate]:
    return [Candidate(f'{row}', score, Frame(row, f'{row}', 'i', None, None, None, None, ''))
            for row, score in enumerate(scores)]


@pytest.mark.parametrize(('decision', 'scores', 'accepted'), [
    (Decision(), [0.3], True), (Decision(), [0.0], True), (Decision(), [-0.1], False),
    (Decision(), [], False), (Decision(), [math.nan], False), (Decision(), [0.5, 0.5], True),
    (Decision(min_score=0.5), [0.5], True), (Decision(min_score=0.5), [0.499], False),
    (Decision(min_score=-1.0), [-1.0], True), (Decision(min_margin=0.25), [0.75, 0.5], True),
    (Decision(min_margin=0.25), [0.75, 0.51, 0.0], False),
    (Decision(min_margin=0.25), [0.75], True),
    (Decision(min_score=0.8, min_margin=0.1), [0.79, 0.1], False)])
def test_known_answers(decision, scores, accepted):
    assert decision.accepts(ranked(*scores)) is accepted


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=4), st.floats(-1, 1), st.floats(0, 2))
def test_a_stricter_decision_accepts_no_more(scores, min_score, min_margin):
    candidates = ranked(*sorted(scores, reverse=True))
    if Decision(min_score, min_margin).accepts(candidates):
        assert Decision(min_score).accepts(candidates)
        assert Decision(-1.0, min_margin).accepts(candidates)


@pytest.mark.parametrize('values', [
    {'min_score': 1.1}, {'min_score': -1.1}, {'min_score': math.nan}, {'min_margin': -0.1},
    {'min_margin': 2.1}, {'min_margin': math.nan}])
def test_thresholds_that_cannot_work(values):
    with pytest.raises(ConfigurationError, match=f'expected {next(iter(values))} in'):
        Decision(**values)


def test_who_names_no_thresholds_gets_those_of_the_map():
    calibration = Calibration(0.75, 0.125, *[0.5] * 6, 1, 1, 1, 0.5, ())
    assert default_decision(None, is_sequence=False) == Decision()
    assert default_decision(calibration, is_sequence=False) == Decision(0.75, 0.125)
    # They are of similarities.
    assert default_decision(calibration, is_sequence=True) == Decision(0.5)
    assert default_decision(None, is_sequence=True) == Decision(0.5)


def test_probabilities_of_a_second_stage_have_thresholds_of_their_own():
    confidence = Confidence(-1.0, 1.0, 1.0, -1.0, 1.0, None)
    similarity = Calibration(0.75, 0.125, *[0.5] * 6, 1, 1, 1, 0.5, ())
    both = replace(similarity, reranked=RerankedCalibration(0.9, 0.99, 0.5, confidence))
    assert default_decision(both, is_sequence=False, is_verified=True) == Decision(0.9)
    assert default_decision(both, is_sequence=False) == Decision(0.75, 0.125)
    assert default_decision(both, is_sequence=True, is_verified=True) == Decision(0.5)
    for uncalibrated in (None, similarity):
        assert default_decision(uncalibrated, is_sequence=False, is_verified=True) == Decision(0.5)
