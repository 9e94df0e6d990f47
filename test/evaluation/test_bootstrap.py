# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The bootstrap: against explicit resampling in plain Python, and against the normal formula."""

import math
import random

import numpy as np
import pytest

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.evaluation import bootstrap as module
from structvpr_ros.evaluation.bootstrap import Bootstrap


def slow_percentile(values: list[float], percent: float) -> float:
    """Interpolate linearly between the two nearest of the sorted values."""
    ordered = sorted(values)
    position = percent / 100 * (len(ordered) - 1)
    low = math.floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (position - low) * (ordered[high] - ordered[low])


def test_intervals_are_percentiles_of_the_resampled_measures() -> None:
    values = np.array([0.1, 0.9, 0.4, 0.4, 0.7])
    means: list[float] = []

    def measure(counts: np.ndarray) -> dict[str, np.ndarray]:
        assert counts.shape[1] == 5 and (counts.sum(axis=1) == 5).all() and (counts >= 0).all()
        for row in counts.tolist():
            drawn = [value for value, count in zip(values, row) for _ in range(count)]
            means.append(sum(drawn) / len(drawn))
        return {'mean': counts @ values / 5}

    low, high = Bootstrap(resamples=200, confidence=0.9).intervals(measure, 5)['mean']
    assert len(means) == 200 and len(set(means)) > 20
    assert low == pytest.approx(slow_percentile(means, 5))
    assert high == pytest.approx(slow_percentile(means, 95))


def share_of(hits: np.ndarray):
    return lambda counts: {'share': counts @ hits / len(hits)}


def test_agrees_with_an_independent_bootstrap_and_the_normal_formula() -> None:
    hits = np.array([1] * 280 + [0] * 120)
    found = Bootstrap(resamples=4000).intervals(share_of(hits), 400)['share']
    generator = random.Random(1)
    slow = [sum(generator.choices(hits.tolist(), k=400)) / 400 for _ in range(4000)]
    spread = 1.96 * math.sqrt(0.7 * 0.3 / 400)
    for value, percent, normal in zip(found, (2.5, 97.5), (0.7 - spread, 0.7 + spread)):
        assert value == pytest.approx(slow_percentile(slow, percent), abs=0.006)
        assert value == pytest.approx(normal, abs=0.006)


def test_seeded_and_the_same_whatever_fits_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    hits = np.array([1, 0, 1, 1, 0, 0, 1])
    first = Bootstrap(resamples=50, seed=3).intervals(share_of(hits), 7)
    assert Bootstrap(resamples=50, seed=3).intervals(share_of(hits), 7) == first
    monkeypatch.setattr(module, '_BLOCK', 21)
    assert Bootstrap(resamples=50, seed=3).intervals(share_of(hits), 7) == first
    seeds = {Bootstrap(resamples=50, seed=seed).intervals(share_of(hits), 7)['share']
             for seed in range(5)}
    assert len(seeds) > 1


def test_sets_that_tell_nothing_are_left_out() -> None:
    def measure(counts: np.ndarray) -> dict[str, np.ndarray]:
        return {'some': np.where(counts[:, 0] > 0, 0.5, math.nan),
                'none': np.full(len(counts), math.nan)}

    assert Bootstrap(resamples=30).intervals(measure, 2) == {'some': (0.5, 0.5), 'none': (0, 1)}


@pytest.mark.parametrize('options', [
    {'resamples': 0}, {'confidence': 1.0}, {'confidence': 0.0}, {'seed': -1},
    {'confidence': math.nan}])
def test_options_that_cannot_work(options: dict) -> None:
    with pytest.raises(ConfigurationError, match='expected resamples'):
        Bootstrap(**options)
