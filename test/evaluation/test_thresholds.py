# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The choice of thresholds, against trying every pair of them."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.evaluation.asked import Asked
from structvpr_ros.evaluation.thresholds import choose_thresholds, outside_weights


@st.composite
def answers(draw) -> Asked:
    count = draw(st.integers(1, 15))
    # Few values, so that many are equal.
    score = draw(st.lists(st.sampled_from([-0.5, 0.0, 0.25, 0.5, 0.75]),
                          min_size=count, max_size=count))
    margin = draw(st.lists(st.sampled_from([0.0, 0.125, 0.25, np.inf]),
                           min_size=count, max_size=count))
    kind = draw(st.lists(st.sampled_from(['right', 'wrong', 'outside']),
                         min_size=count, max_size=count).filter(
                             lambda kinds: set(kinds) != {'outside'}))
    return Asked(np.array(score, np.float32), np.array(margin, np.float32),
                 np.array([name == 'right' for name in kind]),
                 np.array([name != 'outside' for name in kind]))


def judge(asked, weights, min_score, min_margin) -> tuple[float, float]:
    """Return precision and recall at a pair of thresholds, one image at a time."""
    right = wrong = possible = 0.0
    for score, margin, is_right, inside, weight in zip(
            asked.score, asked.margin, asked.right, asked.inside, weights):
        possible += weight * inside
        if score >= min_score and margin >= min_margin:
            right += weight * is_right
            wrong += weight * (not is_right)
    return right / (right + wrong) if right + wrong else 1.0, right / possible


MARGINS = (0.0, 0.125, 0.25)


@given(answers(), st.sampled_from([0.0, 0.25, 0.5, 0.9]), st.sampled_from([0.5, 0.75, 0.9, 1.0]))
def test_nothing_answers_more_at_that_precision(asked, share, precision):
    weights = outside_weights(asked.inside, share)
    found = choose_thresholds(asked, weights, precision, MARGINS)
    best = max((recall for margin in MARGINS for score in set(asked.score)
                for reached, recall in [judge(asked, weights, score, margin)]
                if reached >= precision - 1e-9), default=0.0)
    if best == 0:
        assert found is None
        return
    reached, recall = judge(asked, weights, found.min_score, found.min_margin)
    assert reached >= precision - 1e-9
    assert recall == pytest.approx(best) == pytest.approx(found.recall)
    assert found.precision == pytest.approx(reached)


@given(answers(), st.sampled_from([0.0, 0.5]))
def test_who_asks_for_more_gets_no_more_answers_and_no_lower_threshold(asked, share):
    weights = outside_weights(asked.inside, share)
    found = [choose_thresholds(asked, weights, precision) for precision in (0.5, 0.75, 0.9, 1.0)]
    assert sorted(chosen is None for chosen in found) == [chosen is None for chosen in found]
    chosen = [one for one in found if one is not None]
    for low, high in zip(chosen, chosen[1:]):
        assert high.min_score >= low.min_score and high.recall <= low.recall


@given(answers(), st.sampled_from([0.0, 0.25, 0.5, 0.9]))
def test_weights_make_the_share(asked, share):
    weights = outside_weights(asked.inside, share)
    assert (weights[asked.inside] == 1).all()
    if not asked.inside.all():
        assert weights[~asked.inside].sum() / weights.sum() == pytest.approx(share)


def test_known_answers():
    asked = Asked(np.array([0.9, 0.8, 0.7, 0.6], np.float32), np.array([0.2, 0.1, 0.0, 0.3]),
                  np.array([True, True, False, True]), np.array([True, True, False, True]))
    once = np.ones(4)
    strict = choose_thresholds(asked, once, 1.0)
    assert strict.min_score == pytest.approx(0.8) and strict.recall == pytest.approx(2 / 3)
    assert choose_thresholds(asked, once, 0.75).recall == 1.0
    # The lead tells the wrong one from the last right one.
    led = choose_thresholds(asked, once, 1.0, (0.0, 0.1))
    assert led.min_margin == 0.1 and led.min_score == pytest.approx(0.6) and led.recall == 1.0


def test_where_a_wrong_answer_scores_highest_nothing_is_chosen():
    asked = Asked(np.array([0.9, 0.8], np.float32), np.zeros(2), np.array([False, True]),
                  np.array([False, True]))
    assert choose_thresholds(asked, np.ones(2), 0.99) is None
