# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A list of poses, and what lies between them."""

import logging
import math
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.bags.pose import between, Pose, rising, seconds
from structvpr_ros.data.bags.pose_numbers import are_positions
from structvpr_ros.errors import DatasetError

_logger = logging.getLogger(__name__)


class Trajectory:
    """Poses of one thing over time; a ``Poses``."""

    def __init__(self, name: str, stamps: NDArray[np.int64], positions: NDArray[np.float64],
                 headings: NDArray[np.float64], max_gap: float) -> None:
        """
        Take poses in the order they were recorded.

        A pose that is not later than all before it is left out, as is one that is not finite;
        a warning tells how many.

        :param name: of the source, for messages.
        :param stamps: (N,) nanoseconds.
        :param positions: (N, 2) metres.
        :param headings: (N,) radians, NaN where unknown.
        :param max_gap: seconds between two poses within which one may interpolate.
        :raises DatasetError: no pose is left.
        """
        finite = are_positions(positions)
        stamps, positions, headings = stamps[finite], positions[finite], headings[finite]
        if not len(stamps):
            raise DatasetError(f'{name}: expected poses, found none that is finite')
        kept = rising(stamps)
        self._stamps, self._positions = stamps[kept], positions[kept]
        self._headings = headings[kept]
        self._max_gap = round(max_gap * 1e9)
        if len(kept) < len(finite):
            _logger.warning('%s: %d of %d poses left out: not finite, or late',
                            name, len(finite) - len(kept), len(finite))

    def at(self, stamp: int) -> Optional[Pose]:
        """Interpolate: positions on a line, headings along the shorter arc."""
        found = between(self._stamps, stamp, self._max_gap)
        if found is None:
            return None
        before, after, share = found
        x, y = (self._positions[before]
                + share * (self._positions[after] - self._positions[before])).tolist()
        first, last = self._headings[before], self._headings[after]
        turn = math.remainder(last - first, math.tau)
        return Pose(x, y, math.remainder(first + share * turn, math.tau))

    def span(self) -> str:
        """Return the first and the last time."""
        return f'{seconds(self._stamps[0])} to {seconds(self._stamps[-1])}'
