# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which thresholds answer most, and yet are right as often as is asked for."""

from dataclasses import dataclass
from typing import Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.evaluation.asked import Asked
from structvpr_ros.evaluation.outcomes import NEVER, Outcomes
from structvpr_ros.evaluation.precision_recall import Curve, precision_recall


@dataclass(frozen=True)
class Thresholds:
    """
    A pair of thresholds on a curve.

    :param min_margin: the one that the whole curve is at.
    :param curve: over the score's threshold, of one set of images.
    :param point: which of its points is chosen.
    """

    min_margin: float
    curve: Curve
    point: int

    @property
    def min_score(self) -> float:
        """Return the least score that is trusted."""
        return float(self.curve.thresholds[self.point])

    @property
    def precision(self) -> float:
        """Return the share of right answers among those given."""
        return float(self.curve.precision[0, self.point])

    @property
    def recall(self) -> float:
        """Return the share of the images of mapped places that are answered rightly."""
        return float(self.curve.recall[0, self.point])


def outside_weights(inside: NDArray[np.bool_], share: float) -> NDArray[np.float64]:
    """
    Weigh images so that those from outside the map are a given share of all, (Q,).

    :param inside: (Q,) bool, at least one True; those weigh 1 each.
    :param share: 0 to below 1.
    """
    outside = len(inside) - inside.sum()
    each = share / (1 - share) * inside.sum() / max(outside, 1)
    return np.where(inside, 1.0, each)


def choose_thresholds(asked: Asked, weights: NDArray[np.float64], precision: float,
                      margins: Sequence[float] = (0.0,)) -> Optional[Thresholds]:
    """
    Return the thresholds of the largest recall at a precision; None where none reaches it.

    Of equal recalls the first margin has it, and the highest score.

    :param weights: (Q,) what each image counts.
    :param precision: to be reached, 0 to 1.
    :param margins: thresholds of the margin to choose from.
    """
    best: Optional[Thresholds] = None
    for margin in margins:
        curve = _curve(asked, weights, margin)
        # As of ``recall_at_precision``: a hair of tolerance takes nothing but rounding.
        reached = np.where(curve.precision[0] >= precision - 1e-12, curve.recall[0], 0.0)
        if reached.any():
            found = Thresholds(margin, curve, int(reached.argmax()))
            if best is None or found.recall > best.recall:
                best = found
    return best


def silent_thresholds(asked: Asked, weights: NDArray[np.float64]) -> Thresholds:
    """
    Return thresholds that answer nothing, on the curve of the score alone.

    :param weights: (Q,) what each image counts.
    """
    curve = _curve(asked, weights, 0.0)
    return Thresholds(0.0, Curve(
        np.insert(curve.thresholds, 0, 1.0), np.insert(curve.precision, 0, 1.0, axis=1),
        np.insert(curve.recall, 0, 0.0, axis=1)), 0)


def _curve(asked: Asked, weights: NDArray[np.float64], margin: float) -> Curve:
    # What leads by less is answered at no threshold.
    score = np.where(asked.margin >= margin, asked.score, -np.inf)
    outcomes = Outcomes(score, np.where(asked.right, 1, NEVER), asked.inside)
    curve = precision_recall(outcomes, weights[np.newaxis])
    answered = np.isfinite(curve.thresholds)
    return Curve(curve.thresholds[answered], curve.precision[:, answered],
                 curve.recall[:, answered])
