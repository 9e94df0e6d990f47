# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Fitting what inliers and leads say of the probability that an answer is right."""

from typing import Optional

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from structvpr_ros.evaluation.asked import Asked
from structvpr_ros.evaluation.thresholds import choose_thresholds
from structvpr_ros.evaluation.verified import Verified
from structvpr_ros.place_map.confidence import Confidence

# Of a curve that parts right from wrong without a fault; of others it changes next to nothing.
_RIDGE = 1e-5


def fit_confidence(verified: Verified, weights: NDArray[np.float64],
                   precision: float) -> Confidence:
    """
    Fit both curves to images whose true places are known.

    The lead from which on verifying is skipped is the least one above which the first stage is
    right as often as is asked for, if there is any.

    :param weights: (Q,) what each image counts.
    :param precision: that is asked of the first stage, 0 to 1.
    """
    intercept, inliers, lead = fit_logistic(
        np.stack([np.log1p(verified.verified_inliers), verified.verified_lead], 1),
        verified.verified_right, weights)
    plain_intercept, plain_lead = fit_logistic(
        verified.lead[:, np.newaxis], verified.right, weights)
    return Confidence(intercept, inliers, lead, plain_intercept, plain_lead,
                      _skip_lead(verified, weights, precision))


def fit_logistic(values: NDArray[np.float64], right: NDArray[np.bool_],
                 weights: NDArray[np.float64]) -> list[float]:
    """
    Fit a logistic curve by the largest likelihood, with slopes of at least 0.

    :param values: (Q, F).
    :param right: (Q,) bool.
    :param weights: (Q,) what each row counts.
    :return: the intercept and F slopes.
    """
    columns = np.column_stack([np.ones(len(values)), values])
    shares = weights / weights.sum()

    def loss(slopes: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = columns @ slopes
        error = 0.5 + 0.5 * np.tanh(logits / 2) - right
        return (float(shares @ (np.logaddexp(0, logits) - right * logits)
                      + _RIDGE / 2 * slopes @ slopes), columns.T @ (shares * error)
                + _RIDGE * slopes)

    bounds = [(None, None), *[(0, None)] * values.shape[1]]
    return minimize(loss, np.zeros(columns.shape[1]), jac=True, bounds=bounds,
                    method='L-BFGS-B').x.tolist()


def _skip_lead(verified: Verified, weights: NDArray[np.float64],
               precision: float) -> Optional[float]:
    unbounded = np.full(len(verified), np.inf)
    chosen = choose_thresholds(
        Asked(verified.lead, unbounded, verified.right, verified.inside), weights, precision)
    return None if chosen is None or chosen.min_score < 0 else chosen.min_score
