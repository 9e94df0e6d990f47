# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""All measures together: names, order, what must hold between them."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.evaluation.measures import measure, MEASURES
from structvpr_ros.evaluation.outcomes import NEVER, Outcomes

OUTCOMES = st.lists(
    st.tuples(st.floats(-1, 1, width=32), st.sampled_from([1, 2, 6, 15, NEVER])),
    min_size=1, max_size=15).map(lambda queries: Outcomes(
        np.array([score for score, _ in queries], np.float32),
        np.array([rank for _, rank in queries]), np.ones(len(queries), bool)))


@given(OUTCOMES)
def test_names_bounds_and_order(outcomes: Outcomes) -> None:
    measured = measure(outcomes, outcomes.once)
    assert tuple(measured) == MEASURES
    values = {name: float(value[0]) for name, value in measured.items()}
    assert all(0 <= value <= 1 + 1e-12 for value in values.values())
    assert values['R@1'] <= values['R@5'] <= values['R@10'] <= values['R@20']
    assert values['R@100P'] <= values['R@99P'] <= values['R@1']
    assert values['AP'] <= values['R@1'] + 1e-12


def test_a_perfect_system_scores_one_throughout() -> None:
    outcomes = Outcomes(np.array([0.3, 0.2], np.float32), np.array([1, 1]), np.ones(2, bool))
    for value in measure(outcomes, outcomes.once).values():
        assert value.tolist() == pytest.approx([1.0])
