# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The probability behind inliers and leads: monotone, bounded, and as Bayes has it."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.place_map.confidence import Confidence

ANY, RISING = st.floats(-20, 20), st.floats(0, 20)
CONFIDENCES = st.builds(Confidence, ANY, RISING, RISING, ANY, RISING, st.none())
COUNTS = st.lists(st.integers(0, 512), min_size=1, max_size=10).map(sorted)


@given(CONFIDENCES, COUNTS, st.floats(-2, 2))
def test_more_inliers_never_mean_less(confidence, inliers, lead) -> None:
    told = confidence.verified(inliers, np.full(len(inliers), lead))
    assert np.all((told >= 0) & (told <= 1)) and np.all(np.diff(told) >= 0)


@given(CONFIDENCES, st.integers(0, 512), st.lists(st.floats(-2, 2), min_size=1).map(sorted))
def test_a_larger_lead_never_means_less(confidence, inliers, leads) -> None:
    for told in (confidence.verified(np.full(len(leads), inliers), leads),
                 confidence.plain(leads)):
        assert np.all((told >= 0) & (told <= 1)) and np.all(np.diff(told) >= 0)


def test_the_formula() -> None:
    confidence = Confidence(-2.0, 0.5, 3.0, 1.0, 4.0, None)
    expected = 1 / (1 + math.exp(2 - 0.5 * math.log(20 + 1) - 3 * 0.1))
    assert confidence.verified([20], [0.1]) == pytest.approx([expected])
    assert confidence.plain([0.1]) == pytest.approx([1 / (1 + math.exp(-1 - 0.4))])


@given(CONFIDENCES, COUNTS)
def test_evidence_is_the_ratio_of_odds(confidence, inliers) -> None:
    odds = [math.exp(confidence.inliers * math.log1p(count)) for count in inliers]
    expected = [min(math.log(odd / odds[0]), math.log(99)) for odd in odds]
    assert confidence.evidence(inliers).tolist() == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(('skip_lead', 'lead', 'expected'), [
    (None, 2.0, False), (0.1, 0.1, True), (0.1, 0.09, False)])
def test_what_is_decisive(skip_lead, lead, expected) -> None:
    assert Confidence(0.0, 1.0, 1.0, 0.0, 1.0, skip_lead).is_decisive(lead) == expected
