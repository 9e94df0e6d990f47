# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""All numbers by which a system is judged, of many resampled sets of queries at once."""

from typing import Mapping

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.evaluation.outcomes import Outcomes
from structvpr_ros.evaluation.precision_recall import (average_precision, precision_recall,
                                                       recall_at_precision)
from structvpr_ros.evaluation.recall import RECALL_AT, recall_at

# Recall at 100% and at 99% precision: how much a robot learns that may never, or hardly, be wrong.
PRECISIONS: Mapping[str, float] = {'R@100P': 1.0, 'R@99P': 0.99}
MEASURES = (*(f'R@{depth}' for depth in RECALL_AT), 'AP', *PRECISIONS)


def measure(outcomes: Outcomes, counts: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """
    Return every measure of B sets of queries, each (B,) in 0..1.

    R@K leaves out queries without a positive; AP and the recalls at a precision count every
    answer to such a query as wrong (see ``precision_recall``). NaN where no query of a set has a
    positive.

    :param counts: (B, Q), how often each query is in each set; ``outcomes.once`` for all.
    """
    curve = precision_recall(outcomes, counts)
    return {
        **{f'R@{depth}': recall_at(depth, outcomes, counts) for depth in RECALL_AT},
        'AP': average_precision(curve),
        **{name: recall_at_precision(curve, precision)
           for name, precision in PRECISIONS.items()}}
