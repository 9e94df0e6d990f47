# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How the node fares: what came in, what went out, how long it took, what went wrong."""

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Callable, Mapping, Optional

import numpy as np

WINDOW = 10.0  # seconds that rates, shares and latencies speak of
PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Report:
    """
    How the node has fared since it was activated.

    :param received: images that came in, in all.
    :param answered: images that were recognized, in all.
    :param unusable: images that could not be used, in all.
    :param failed: images that the engine failed on, in all.
    :param input_rate: images per second of the last ``WINDOW`` seconds.
    :param output_rate: answers per second of the last ``WINDOW`` seconds.
    :param localized: share of the answers in the window, 0 to 1; None without answers.
    :param latencies: seconds of each stage in the window, by name, at ``PERCENTILES``.
    :param silence: seconds since the last image, or since the activation.
    :param recent_unusable: as ``unusable``, in the window.
    :param recent_failed: as ``failed``, in the window.
    :param last_error: what was last wrong with an image or the engine; '' if nothing was.
    """

    received: int
    answered: int
    unusable: int
    failed: int
    input_rate: float
    output_rate: float
    localized: Optional[float]
    latencies: Mapping[str, tuple[float, ...]]
    silence: float
    recent_unusable: int
    recent_failed: int
    last_error: str


class Health:
    """Keeps count from several threads; a new one begins with each activation."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin to count; ``clock`` gives seconds and never goes back."""
        self._clock = clock
        self._lock = Lock()
        self._began = self._last_image = clock()
        self._last_error = ''
        self._totals = {'received': 0, 'answered': 0, 'unusable': 0, 'failed': 0}
        # Of the window: when, and for answers whether localized and how long each stage took.
        self._recent: dict[str, deque] = {name: deque() for name in self._totals}

    def receive(self) -> None:
        """Count an image that came in."""
        with self._lock:
            self._last_image = self._count('received', None)

    def answer(self, localized: bool, timings: Mapping[str, float]) -> None:
        """Count an answer; ``timings``: seconds of each stage."""
        with self._lock:
            self._count('answered', (localized, timings))

    def cannot_use(self, error: str) -> int:
        """Count an image that cannot be used; return how many there are by now."""
        with self._lock:
            self._last_error = error
            self._count('unusable', None)
            return self._totals['unusable']

    def fail(self, error: str) -> None:
        """Count an image that the engine failed on."""
        with self._lock:
            self._last_error = error
            self._count('failed', None)

    def report(self) -> Report:
        """Return how it looks now."""
        with self._lock:
            now = self._clock()
            for events in self._recent.values():
                _forget(events, now)
            answers = [answer for _, answer in self._recent['answered']]
            span = min(max(now - self._began, 1.0), WINDOW)
            return Report(
                **self._totals,
                input_rate=len(self._recent['received']) / span,
                output_rate=len(answers) / span,
                localized=float(np.mean([told for told, _ in answers])) if answers else None,
                latencies=_percentiles([timings for _, timings in answers]),
                silence=now - self._last_image,
                recent_unusable=len(self._recent['unusable']),
                recent_failed=len(self._recent['failed']),
                last_error=self._last_error)

    def _count(self, what: str, event: Optional[tuple[bool, Mapping[str, float]]]) -> float:
        now = self._clock()
        self._totals[what] += 1
        self._recent[what].append((now, event))
        _forget(self._recent[what], now)
        return now


def _forget(events: deque, now: float) -> None:
    while events and events[0][0] <= now - WINDOW:
        events.popleft()


def _percentiles(timings: list[Mapping[str, float]]) -> dict[str, tuple[float, ...]]:
    if not timings:
        return {}
    # Another map may bring another stage, or take one away.
    stages = dict.fromkeys(stage for timing in timings for stage in timing)
    return {stage: tuple(np.percentile([timing[stage] for timing in timings if stage in timing],
                                       PERCENTILES)) for stage in stages}
