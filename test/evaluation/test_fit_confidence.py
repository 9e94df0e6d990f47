# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Fitting probabilities: planted curves are found again, and what is told is right so often."""

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.evaluation.calibrate_reranked import calibrate_reranked
from structvpr_ros.evaluation.fit_confidence import fit_confidence, fit_logistic
from structvpr_ros.evaluation.verified import Verified
from structvpr_ros.place_map.confidence import Confidence

PLANTED = Confidence(-4.0, 1.5, 5.0, -2.0, 20.0, None)


def drawn(count: int, seed: int = 0, confidence: Confidence = PLANTED) -> Verified:
    """Return answers that are right with the probabilities of a confidence."""
    random = np.random.default_rng(seed)
    inliers = random.integers(0, 200, count) * (random.random(count) < 0.7)
    lead, verified_lead = random.exponential(0.1, (2, count)) - 0.02
    return Verified(lead, random.random(count) < confidence.plain(lead), inliers, verified_lead,
                    random.random(count) < confidence.verified(inliers, verified_lead),
                    np.arange(count) % 10 > 0)


def test_a_planted_curve_is_found() -> None:
    found = fit_confidence(drawn(60_000), np.ones(60_000), 0.99)
    for name in ('intercept', 'inliers', 'lead', 'plain_intercept', 'plain_lead'):
        assert getattr(found, name) == pytest.approx(getattr(PLANTED, name), rel=0.15), name


def test_what_counts_twice_is_as_good_as_there_twice() -> None:
    verified = drawn(300)
    values = np.stack([np.log1p(verified.verified_inliers), verified.verified_lead], 1)
    twice = fit_logistic(np.concatenate([values, values[:100]]),
                         np.concatenate([verified.verified_right, verified.verified_right[:100]]),
                         np.ones(400))
    weighed = fit_logistic(values, verified.verified_right, np.where(np.arange(300) < 100, 2, 1))
    assert weighed == pytest.approx(twice, abs=1e-3)


@pytest.mark.parametrize('right', [np.ones(50, bool), np.zeros(50, bool), np.arange(50) > 25])
def test_what_leaves_no_doubt_is_fitted_too(right: np.ndarray) -> None:
    slopes = fit_logistic(np.arange(50.0)[:, np.newaxis], right, np.ones(50))
    assert np.isfinite(slopes).all() and slopes[1] >= 0


def test_a_slope_never_falls() -> None:
    inliers = np.arange(100.0)[:, np.newaxis]
    assert fit_logistic(inliers, inliers[:, 0] < 50, np.ones(100))[1] == 0


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_skipped_answers_are_right_so_often(seed: int) -> None:
    verified = drawn(400, seed)
    found = fit_confidence(verified, np.ones(400), 0.9)
    decisive = np.array([found.is_decisive(lead) for lead in verified.lead])
    assert found.skip_lead is None or verified.right[decisive].mean() >= 0.9


def test_a_first_stage_that_is_never_right_is_always_verified() -> None:
    verified = drawn(200)
    verified.right[:] = False
    assert fit_confidence(verified, np.ones(200), 0.99).skip_lead is None


@pytest.mark.parametrize('target', [0.9, 0.99])
def test_told_answers_are_right_so_often(target: float) -> None:
    sure = Confidence(-6.0, 3.0, 5.0, -2.0, 20.0, None)
    verified = drawn(2000, confidence=sure)
    verified.right[~verified.inside] = verified.verified_right[~verified.inside] = False
    found = calibrate_reranked(verified, target, 0.5)
    told, right = verified.told(found.confidence)
    given_ = told >= found.min_score
    weights = np.where(verified.inside, 1.0, 9.0)  # the tenth part that is outside is half of all
    assert weights[given_ & right].sum() / weights[given_].sum() == pytest.approx(
        found.precision)
    assert found.precision >= target and 0 < found.recall <= 1
    assert right[given_ & verified.inside].sum() / verified.inside.sum() == pytest.approx(
        found.recall)


def test_where_nothing_is_sure_it_says_so(caplog) -> None:
    verified = drawn(200)
    verified.verified_right[:] = verified.right[:] = False
    assert calibrate_reranked(verified, 0.99, 0.5) is None
    assert 'no probability is high enough that 99.0% of the re-ranked' in caplog.text
