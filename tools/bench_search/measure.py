# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a map costs and how fast it answers, measured in a process of its own."""

from pathlib import Path
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.matching.ranking import rank_places
from structvpr_ros.place_map.place_map import PlaceMap

_DEPTH = 20  # frames that the Localizer asks for, when it wants 5 places
_WARM = 20


def measure(folder: Path, queries: NDArray[np.float32]) -> dict[str, Any]:
    """
    Open a map, ask it each query alone, and return times in ms, bytes and the first rows.

    Memory is what the process holds for itself; pages of files that the system may drop at any
    time are not counted.
    """
    before = _own_memory()
    started = time.perf_counter()
    place_map = PlaceMap.open(folder)
    opened = time.perf_counter() - started
    for query in queries[:_WARM]:
        rank_places(place_map, query, 5)
    rows, searched, ranked = [], [], []
    for query in queries:
        started = time.perf_counter()
        _, found = place_map.search(query[np.newaxis], _DEPTH)
        searched.append(time.perf_counter() - started)
        rows.append(int(found[0, 0]))
    for query in queries:
        started = time.perf_counter()
        rank_places(place_map, query, 5)
        ranked.append(time.perf_counter() - started)
    return {'open_ms': 1e3 * opened, 'ram_bytes': _own_memory() - before, 'rows': rows,
            **{f'{name}_p{share}_ms': 1e3 * float(np.percentile(times, share))
               for name, times in (('search', searched), ('places', ranked))
               for share in (50, 99)}}


def _own_memory() -> int:
    for line in Path('/proc/self/status').read_text().splitlines():
        if line.startswith('RssAnon:'):
            return 1024 * int(line.split()[1])
    raise AssertionError('this kernel does not tell RssAnon')
