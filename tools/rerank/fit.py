# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The probabilities of a map that was not calibrated."""

from dataclasses import asdict
from functools import reduce
from typing import Sequence

from gather import Looks
import numpy as np

from structvpr_ros.evaluation.fit_confidence import fit_confidence
from structvpr_ros.evaluation.thresholds import outside_weights
from structvpr_ros.evaluation.verified import Verified
from structvpr_ros.place_map.confidence import Confidence

PRECISION, OUTSIDE_SHARE = 0.99, 0.5


def fit_default(looks: Sequence[Looks]) -> Confidence:
    """Return the confidence that fits all sets, each of which counts as much."""
    sets = [seen.own.joined(seen.without) for seen in looks]
    weights = np.concatenate([_equal(part) for part in sets])
    fitted = fit_confidence(reduce(Verified.joined, sets), weights, PRECISION)
    return Confidence(**{name: value if value is None else round(value, 3)
                         for name, value in asdict(fitted).items()})


def _equal(part: Verified) -> np.ndarray:
    weights = outside_weights(part.inside, OUTSIDE_SHARE)
    return weights / weights.sum()
