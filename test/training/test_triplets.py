# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Triplets of a batch, and the loss over them, against slow loops."""

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest
from pytorch_metric_learning.losses import TripletMarginLoss
import torch

from structvpr_ros.data.proximity import Relations
from structvpr_ros.training.triplets import batch_triplets

MARGIN = 0.3


def _relations(positions):
    """Positives within 1, negatives beyond 2: no equivalence, unlike labels."""
    gaps = np.abs(np.subtract.outer(positions, positions))
    np.fill_diagonal(gaps, 1.5)  # the own image is neither
    return Relations(tuple(np.flatnonzero(row <= 1) for row in gaps),
                     tuple(np.flatnonzero(row <= 2) for row in gaps))


def _slow_triplets(rows, relations):
    size = range(len(rows))
    return [(a, p, n) for a in size for p in size for n in size
            if rows[p] in relations.positives[rows[a]]
            and rows[n] not in relations.excluded[rows[a]]]


POSITIONS = st.lists(st.integers(0, 8), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(POSITIONS, st.data())
def test_all_triplets_and_no_others(positions, data):
    relations = _relations(positions)
    rows = data.draw(st.lists(st.integers(0, len(positions) - 1), min_size=1, max_size=8))
    found = torch.stack(batch_triplets(np.array(rows), relations), dim=1).tolist()
    assert sorted(map(tuple, found)) == sorted(_slow_triplets(rows, relations))


@settings(max_examples=30, deadline=None)
@given(POSITIONS, st.integers(0, 99))
def test_the_loss_against_loops(positions, seed):
    relations, rows = _relations(positions), np.arange(len(positions))
    values = torch.nn.functional.normalize(
        torch.from_numpy(np.random.default_rng(seed).normal(size=(len(rows), 3))))
    values.requires_grad_()
    loss = TripletMarginLoss(margin=MARGIN)(
        values, indices_tuple=batch_triplets(rows, relations))
    violations = []
    for a, p, n in _slow_triplets(rows, relations):
        near, far = (float((values[a] - values[other]).detach().norm()) for other in (p, n))
        violations.append(max(0, near - far + MARGIN))
    violated = [value for value in violations if value > 0]
    assert float(loss.detach()) == pytest.approx(np.mean(violated) if violated else 0, abs=1e-6)
    loss.backward()
    assert torch.isfinite(values.grad).all()
