# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Sinkhorn's algorithm with bins, against plain scaling of rows and columns."""

import numpy as np
import pytest

torch = pytest.importorskip('torch')

from structvpr_ros.inference.learned_matchers.transport import transport  # noqa: E402


@pytest.mark.parametrize('count, others', [(1, 1), (1, 7), (6, 4), (30, 50)])
def test_it_is_sinkhorn_scaling(count: int, others: int) -> None:
    random = np.random.default_rng(count)
    scores, bin_score = random.normal(0, 2, (count, others)), 0.7
    table = np.full((count + 1, others + 1), np.exp(bin_score))
    table[:-1, :-1] = np.exp(scores)
    rows, columns = np.ones(count + 1), np.ones(others + 1)
    rows[-1], columns[-1] = others, count
    for _ in range(50):
        table *= (rows / table.sum(1))[:, None]
        table *= columns / table.sum(0)
    found = transport(torch.from_numpy(scores), torch.tensor(bin_score).double(), 50).exp()
    np.testing.assert_allclose(found.numpy(), table, rtol=1e-6)
    np.testing.assert_allclose(found.sum(0), columns, rtol=1e-6)
    np.testing.assert_allclose(found.sum(1), rows, rtol=1e-2)


def test_huge_scores_do_not_overflow() -> None:
    scores = torch.eye(5) * 2e3 - 1e3
    found = transport(scores, torch.tensor(1.0), 100)
    assert found.isfinite().all()
    np.testing.assert_allclose(found[:-1, :-1].exp(), np.eye(5), atol=1e-2)
