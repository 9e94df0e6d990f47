# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How far a robot has travelled, from the positions that its odometry tells."""

from collections import deque
import math
from threading import Lock
from typing import Optional

import numpy as np

# Seconds of readings that are kept: images may come as late as that.
_MEMORY = 10.0
# Seconds that the newest reading stands for what comes after it.
_REACH = 0.5
# Metres that a robot may seem to move while it stands: shorter ways are not summed up.
_JITTER = 0.05
# Seconds that stamps go back where a clock was set, not where messages overtake one another.
_SET_BACK = 1.0
# Metres that a step may be too long for the speed, as stamps are not exact.
_SLACK = 0.1


class Odometer:
    """
    Sums up the way between readings, and tells the sum at any moment of the last seconds.

    Where odometry starts anew, jumps, or its clock goes back, the way is not known: then one
    answer is None, so that nobody takes the difference of two answers across the gap.

    Safe to call from several threads.
    """

    def __init__(self) -> None:
        """Begin without a reading."""
        self._lock = Lock()
        self._readings: deque[tuple[float, float]] = deque()  # stamps and sums
        self._newest: Optional[tuple[float, float]] = None
        self._anchor = (0.0, 0.0)
        self._sum = 0.0
        self._broken = False

    def add(self, stamp: float, x: float, y: float, max_speed: float) -> bool:
        """
        Take in a reading.

        :param stamp: seconds.
        :param x: metres in any frame that stands still.
        :param y: metres in that frame.
        :param max_speed: metres per second; whoever was faster did not drive, but jumped.
        :return: whether the reading goes on from the last one.
        """
        if not all(map(math.isfinite, (stamp, x, y))):
            return False
        with self._lock:
            if self._readings and -_SET_BACK < stamp - self._readings[-1][0] < 0:
                return True
            follows = self._follows(stamp, (x, y), max_speed)
            if not follows:
                self._broken = self._newest is not None
                self._readings.clear()
                self._anchor = (x, y)
            way = math.dist(self._anchor, (x, y))
            if way >= _JITTER:
                self._sum += way
                self._anchor = (x, y)
            self._newest = (x, y)
            self._readings.append((stamp, self._sum))
            while self._readings[0][0] < stamp - _MEMORY:
                self._readings.popleft()
            return follows or not self._broken

    def at(self, stamp: float) -> Optional[float]:
        """
        Return the metres travelled by then, never less than for an earlier moment.

        :param stamp: seconds; later than the last answer's.
        :return: None where the readings do not tell.
        """
        with self._lock:
            if self._broken:
                self._broken = False
                return None
            if not self._readings or not (
                    self._readings[0][0] <= stamp <= self._readings[-1][0] + _REACH):
                return None
            return self._interpolate(stamp)

    def _interpolate(self, stamp: float) -> float:
        later = self._readings[-1]
        for earlier in reversed(self._readings):  # images are about as new as readings
            if earlier[0] <= stamp:
                break
            later = earlier
        return float(np.interp(stamp, *zip(earlier, later, strict=True)))

    def _follows(self, stamp: float, position: tuple[float, float], max_speed: float) -> bool:
        if self._newest is None:
            return False
        elapsed = stamp - self._readings[-1][0]
        farthest = max_speed * elapsed + _SLACK
        return elapsed >= 0 and math.dist(self._newest, position) <= farthest
