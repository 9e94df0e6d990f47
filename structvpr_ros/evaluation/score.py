# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The measures of one system per condition of the queries, with confidence intervals."""

from dataclasses import dataclass
from functools import partial
from typing import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.evaluation.bootstrap import Bootstrap
from structvpr_ros.evaluation.measures import measure
from structvpr_ros.evaluation.outcomes import Outcomes

ALL, UNKNOWN = 'all', 'unknown'


@dataclass(frozen=True)
class Estimate:
    """A measured value, and the interval that resampled queries give; all in 0..1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """
    How well one system finds the queries of one condition.

    :param system: its name: that of a model's folder, or the one given to a peer.
    :param condition: the queries' condition; ``unknown`` for those that have none while others
        do, ``all`` for all of them together.
    :param queries: how many there are.
    :param answerable: how many of them have a positive in the map.
    :param measures: by name, as in ``measures.MEASURES``.
    """

    system: str
    condition: str
    queries: int
    answerable: int
    measures: Mapping[str, Estimate]


def score(system: str, outcomes: Outcomes, conditions: Sequence[str],
          bootstrap: Bootstrap) -> list[Score]:
    """
    Score a system: a row for each condition in order of appearance, then all.

    Conditions none of whose queries has a positive are left out.

    :param conditions: Q names, of the queries.
    """
    scores = []
    for condition, chosen in members(conditions).items():
        part = outcomes.take(chosen)
        if part.answerable.any():
            scores.append(Score(system, condition, len(part), int(part.answerable.sum()),
                                _estimate(part, bootstrap)))
    return scores


def members(conditions: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """
    Return per condition which queries have it, (Q,) bool, and last all of them.

    Where there is but one condition, named or not, no second line repeats it.
    """
    everything = np.ones(len(conditions), bool)
    names = list(dict.fromkeys(conditions))
    if len(names) == 1:
        return {names[0] or ALL: everything}
    each = {name or UNKNOWN: np.array([other == name for other in conditions]) for name in names}
    return {**each, ALL: everything}


def _estimate(outcomes: Outcomes, bootstrap: Bootstrap) -> dict[str, Estimate]:
    values = measure(outcomes, outcomes.once)
    intervals = bootstrap.intervals(partial(measure, outcomes), len(outcomes))
    return {name: Estimate(float(values[name][0]), *intervals[name]) for name in values}
