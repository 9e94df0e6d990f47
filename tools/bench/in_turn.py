# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Timing several things in turn, so that what else the machine does hits all of them alike."""

import time
from typing import Callable, Mapping, Sequence

import numpy as np
from tqdm import tqdm

Runs = Mapping[str, Callable[[], object]]


def in_turn(runs: Runs, seconds: float, title: str, least: int = 3) -> dict[str, list[float]]:
    """
    Call each function once a round, after a round that does not count.

    :param seconds: how long to go on; at least ``least`` rounds are made.
    :return: seconds of each call, by name.
    """
    for run in runs.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in runs}
    end = time.monotonic() + seconds
    with tqdm(desc=title, unit='round', leave=False) as progress:
        rounds = 0
        while rounds < least or time.monotonic() < end:
            for name, run in runs.items():
                began = time.perf_counter()
                run()
                taken[name].append(time.perf_counter() - began)
            rounds += 1
            progress.update()
    return taken


def summary(taken: Sequence[float]) -> dict[str, float]:
    """Return milliseconds: least, median and 99th percentile; and how many there were."""
    least, p50, p99 = 1e3 * np.percentile(taken, (0, 50, 99)) if taken else (np.nan,) * 3
    return {'min_ms': float(least), 'p50_ms': float(p50), 'p99_ms': float(p99),
            'count': len(taken)}
