# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Precision and recall of the best match over the threshold that its score must reach.

A query whose best match scores at least the threshold is answered. Precision is the share of
right answers among the answered queries, recall the share of rightly answered queries among those
that have a positive at all, so that it ends at R@1. A query without a positive can only be
answered wrongly: a robot that is off the map should keep silent.

All functions take any number of resampled sets of queries at once, as counts: how often each
query is in each set.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.evaluation.outcomes import Outcomes


@dataclass(frozen=True)
class Curve:
    """
    Precision and recall of B sets of queries at T falling thresholds, the distinct scores.

    :param thresholds: (T,) float32.
    :param precision: (B, T), 0 to 1; 1 where no query is answered.
    :param recall: (B, T), 0 to 1, never falling with T; NaN where no query has a positive.
    """

    thresholds: NDArray[np.float32]
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]


def precision_recall(outcomes: Outcomes,
                     counts: NDArray[np.int64] | NDArray[np.float64]) -> Curve:
    """
    Return the curves of B sets of queries.

    Queries of one score are answered together: their order decides nothing.

    :param counts: (B, Q), how often each query is in each set, or what it weighs there.
    """
    order = np.argsort(-outcomes.score, kind='stable')
    falling = outcomes.score[order]
    last = np.flatnonzero(np.append(falling[:-1] != falling[1:], True))
    counts = counts[:, order]
    answered = counts.cumsum(axis=1)[:, last]
    right = (counts * outcomes.right[order]).cumsum(axis=1)[:, last]
    possible = counts @ outcomes.answerable[order].astype(np.int64)
    with np.errstate(invalid='ignore'):
        precision = np.where(answered > 0, right / answered, 1.0)
        recall = right / possible[:, np.newaxis]
    return Curve(falling[last], precision, recall)


def average_precision(curve: Curve) -> NDArray[np.float64]:
    """
    Return the area under each curve as steps, AP = sum (R_t - R_(t-1)) P_t; (B,), 0 to R@1.

    No interpolation, which would flatter: between two thresholds lies no operating point.
    """
    steps = np.diff(curve.recall, axis=1, prepend=0.0)
    return (steps * curve.precision).sum(axis=1)


def recall_at_precision(curve: Curve, precision: float) -> NDArray[np.float64]:
    """
    Return the largest recall at which precision is still that high; (B,), 0 where it never is.

    :param precision: 0 to 1.
    """
    # Precision is a quotient of integers: a hair of tolerance takes nothing but its rounding.
    return np.where(curve.precision >= precision - 1e-12, curve.recall, 0.0).max(axis=1)
