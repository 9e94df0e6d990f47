# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What inliers and leads say of the probability that an answer is right: two logistic curves."""

from dataclasses import dataclass
import math
from typing import Optional

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Confidence:
    """
    How sure to be of an answer, and when geometry is worth its time.

    The probability that an answer is right is 1 / (1 + exp(-z)), where z is
    ``intercept`` + ``inliers`` ln(1 + n) + ``lead`` l for one of n inliers, and
    ``plain_intercept`` + ``plain_lead`` l for one that was not verified. The lead l is how much
    more similar it is than the best place elsewhere, -2 to 2.

    :param intercept: any number.
    :param inliers: at least 0, so that more inliers never mean less.
    :param lead: at least 0.
    :param plain_intercept: any number.
    :param plain_lead: at least 0.
    :param skip_lead: the lead of the best place from which on it is not verified; None verifies
        always.
    """

    intercept: float
    inliers: float
    lead: float
    plain_intercept: float
    plain_lead: float
    skip_lead: Optional[float]

    def verified(self, inliers: ArrayLike, leads: ArrayLike) -> NDArray[np.float64]:
        """Return the probabilities of answers whose inliers were counted."""
        return _logistic(self.intercept + self.inliers * np.log1p(inliers)
                         + self.lead * np.asarray(leads, np.float64))

    def plain(self, leads: ArrayLike) -> NDArray[np.float64]:
        """Return the probabilities of answers that were not verified."""
        return _logistic(self.plain_intercept
                         + self.plain_lead * np.asarray(leads, np.float64))

    def is_decisive(self, lead: float) -> bool:
        """Return whether the best place is so far ahead that it need not be verified."""
        return self.skip_lead is not None and lead >= self.skip_lead

    def evidence(self, inliers: ArrayLike) -> NDArray[np.float64]:
        """
        Return how much inliers speak for each of K places, logarithms of likelihood ratios, (K,).

        By Bayes, the ratio of two places' likelihoods is that of their odds, where nothing else
        tells them apart. Each is compared with the one of fewest inliers; 0 to ln 99, since some
        hundred images of a calibration cannot tell 99% from 100%.
        """
        logits = self.inliers * np.log1p(inliers)
        return np.minimum(logits - logits.min(), math.log(99))


def _logistic(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    # As tanh it overflows nowhere.
    return 0.5 + 0.5 * np.tanh(logits / 2)
