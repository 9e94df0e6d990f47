# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Confidence intervals by the percentile bootstrap over queries (Efron 1979).

What would have come out with other queries of the same kind? Sets of as many queries are drawn
from those there are, with replacement, and each is measured.
"""

from dataclasses import dataclass
from typing import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError

Measure = Callable[[NDArray[np.int64]], dict[str, NDArray[np.float64]]]

# Counts held at once: resamples are measured in blocks of about so many.
_BLOCK = 1 << 21


@dataclass(frozen=True)
class Bootstrap:
    """
    How confidence intervals are estimated.

    :param resamples: how many sets of queries are drawn.
    :param confidence: share of the resamples that an interval holds, above 0 and below 1.
    :param seed: of the draws; two systems that answer the same queries get the same sets.
    """

    resamples: int = 1000
    confidence: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        if self.resamples < 1 or not 0 < self.confidence < 1 or self.seed < 0:
            raise ConfigurationError(
                'expected resamples of at least 1, confidence in (0, 1) and a seed of at least '
                f'0, found {self.resamples}, {self.confidence} and {self.seed}')

    def intervals(self, measure: Measure, queries: int) -> dict[str, tuple[float, float]]:
        """
        Return the interval of each measure, as low and high.

        :param measure: takes counts (B, Q), how often each query was drawn into each set.
        :param queries: Q.
        """
        parts = [measure(counts) for counts in self._draw(queries)]
        tail = 50 * (1 - self.confidence)
        found = {}
        for name in parts[0]:
            values = np.concatenate([part[name] for part in parts])
            # A set that happens to hold no query with a positive tells nothing.
            told = values[~np.isnan(values)]
            low, high = np.percentile(told, (tail, 100 - tail)) if len(told) else (0, 1)
            found[name] = float(low), float(high)
        return found

    def _draw(self, queries: int) -> Iterator[NDArray[np.int64]]:
        random = np.random.default_rng(self.seed)
        block = max(1, _BLOCK // queries)
        for start in range(0, self.resamples, block):
            sets = min(block, self.resamples - start)
            drawn = random.integers(0, queries, (sets, queries))
            drawn += np.arange(sets)[:, np.newaxis] * queries
            yield np.bincount(drawn.ravel(), minlength=sets * queries).reshape(sets, queries)
