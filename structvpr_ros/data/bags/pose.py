# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where something was at a moment, and what a source of that must answer."""

from typing import NamedTuple, Optional, Protocol

import numpy as np
from numpy.typing import NDArray


class Pose(NamedTuple):
    """
    A place and a direction in the plane of the map.

    :param x: metres.
    :param y: metres.
    :param heading: radians counter-clockwise from x; NaN where unknown.
    """

    x: float
    y: float
    heading: float


class Poses(Protocol):
    """Poses by time."""

    def at(self, stamp: int) -> Optional[Pose]:
        """Return the pose at a time in nanoseconds; None where too little is known."""

    def span(self) -> str:
        """Tell from when to when poses are known."""


def between(stamps: NDArray[np.int64], stamp: int,
            max_gap: int) -> Optional[tuple[int, int, float]]:
    """
    Find the neighbours of a time.

    :param stamps: (N,) strictly rising, nanoseconds.
    :param max_gap: nanoseconds; neighbours farther apart tell nothing of the time between them.
    :return: the rows before and behind, and the share of the way from one to the other, 0 to 1;
        None outside of all stamps, or in too wide a gap.
    """
    after = int(np.searchsorted(stamps, stamp))
    if after < len(stamps) and stamps[after] == stamp:
        return after, after, 0.0
    if after == 0 or after == len(stamps):
        return None
    gap = int(stamps[after] - stamps[after - 1])
    if gap > max_gap:
        return None
    return after - 1, after, int(stamp - stamps[after - 1]) / gap


def rising(stamps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows whose stamp is later than all before: what a clock that jumps back left."""
    latest = np.maximum.accumulate(stamps)
    return np.flatnonzero(np.append(True, stamps[1:] > latest[:-1])[:len(stamps)])


def seconds(stamp: int) -> str:
    """Return a time in nanoseconds as the seconds that messages show."""
    return f'{stamp / 1e9:.3f}'
