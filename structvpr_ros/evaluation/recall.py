# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Recall at K: the share of queries with a positive among the first K answers."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.evaluation.outcomes import Outcomes

RECALL_AT = (1, 5, 10, 20)


def recall_at(depth: int, outcomes: Outcomes, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """
    Return R@``depth`` of B resampled sets of queries, (B,) in 0..1.

    Queries without any positive in the database are left out, as is usual: nothing could
    answer them.

    :param counts: (B, Q), how often each query is in each set; ``outcomes.once`` for all.
    :return: NaN where a set has no query with a positive.
    """
    found = counts @ (outcomes.rank <= depth).astype(np.int64)
    with np.errstate(invalid='ignore'):
        return found / (counts @ outcomes.answerable.astype(np.int64))
