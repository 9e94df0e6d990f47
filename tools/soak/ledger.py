# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a soak counts: one row per period, and a verdict on what drifts from row to row."""

from dataclasses import dataclass, field
from typing import Mapping, Optional, Sequence

import numpy as np
from scipy.stats import theilslopes

Row = Mapping[str, float]

WARM_UP = 300.0  # seconds at most, and a third of the soak at most, that no verdict looks at
_LEAST_ROWS = 3  # that show a drift

# Column of the table -> its head and the format of its values.
_COLUMNS = {
    'minute': ('minute', '.1f'), 'sent': ('sent', 'd'), 'broken': ('broken', 'd'),
    'input_rate': ('in Hz', '.1f'), 'output_rate': ('out Hz', '.1f'),
    'dropped': ('dropped', 'd'), 'lost': ('lost', 'd'), 'p50': ('p50 ms', '.1f'),
    'p99': ('p99 ms', '.1f'), 'memory': ('RSS MB', '.1f'), 'files': ('files', 'd'),
    'processor': ('CPU %', '.0f'), 'calls': ('calls', 'd'), 'surprises': ('surprises', 'd'),
}


@dataclass
class Period:
    """
    What happened in a period of a soak.

    :ivar sent: images that deserve an answer; what of them is lost was dropped for a newer one,
        or on its way when the node was restarted.
    :ivar broken: images that deserve none.
    :ivar latencies: seconds from sending to hearing the answer, of the images sent here.
    :ivar rates: of the node's diagnostics: images per second that came in and went out.
    :ivar dropped: of the diagnostics: images that gave way to a newer one.
    :ivar memory: MB, resident set of the node, sampled.
    :ivar files: the number of files that the node has open, at last.
    :ivar processor: seconds of processor time that the node took.
    :ivar calls: services called, parameters set, transitions asked for.
    :ivar surprises: calls that were answered in another way than they must be.
    """

    sent: int = 0
    broken: int = 0
    latencies: list[float] = field(default_factory=list)
    rates: list[tuple[float, float]] = field(default_factory=list)
    dropped: int = 0
    memory: list[float] = field(default_factory=list)
    files: int = 0
    processor: float = 0.0
    calls: int = 0
    surprises: int = 0

    def row(self, begin: float, length: float) -> Row:
        """Return the row of the table; ``begin`` and ``length`` in seconds."""
        p50, p99 = np.percentile(self.latencies, (50, 99)) if self.latencies else (np.nan,) * 2
        inputs, outputs = zip(*self.rates) if self.rates else ((np.nan,),) * 2
        return {
            'minute': begin / 60, 'sent': self.sent, 'broken': self.broken,
            'input_rate': float(np.median(inputs)), 'output_rate': float(np.median(outputs)),
            'dropped': self.dropped, 'lost': self.sent - len(self.latencies),
            'p50': 1e3 * float(p50), 'p99': 1e3 * float(p99),
            'memory': float(np.median(self.memory)) if self.memory else np.nan,
            'files': self.files, 'processor': 100 * self.processor / length,
            'calls': self.calls, 'surprises': self.surprises}


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text, one line each below a line of heads."""
    lines = [[head for head, _ in _COLUMNS.values()]]
    lines += [[format(row[name], kind) for name, (_, kind) in _COLUMNS.items()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return '\n'.join('  '.join(map(str.rjust, line, widths)) for line in lines)


def drift(rows: Sequence[Row], name: str) -> float:
    """
    Return by how much a column grows per hour after the warm-up; NaN where rows are too few.

    The slope of Theil and Sen, the median of all slopes between two rows: one busy minute of
    the machine moves it little.
    """
    steady = after_warm_up(rows)
    values = np.array([row[name] for row in steady])
    if len(steady) < _LEAST_ROWS or np.isnan(values).any():
        return float('nan')
    return float(theilslopes(values, [row['minute'] / 60 for row in steady])[0])


def after_warm_up(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that begin after the warm-up."""
    last = rows[-1]['minute'] if rows else 0.0
    return [row for row in rows if row['minute'] >= min(WARM_UP / 60, last / 3)]


def verdict(rows: Sequence[Row]) -> dict[str, float]:
    """Return what there is to judge a soak by, in numbers."""
    sent, lost, dropped = (sum(row[name] for row in rows) for name in ('sent', 'lost', 'dropped'))
    return {
        'minutes': len(rows), 'sent': sent, 'lost': lost, 'dropped': dropped,
        'memory_growth': drift(rows, 'memory'), 'files_growth': drift(rows, 'files'),
        'p50_drift': drift(rows, 'p50'), 'p99_drift': drift(rows, 'p99'),
        'calls': sum(row['calls'] for row in rows),
        'surprises': sum(row['surprises'] for row in rows)}


def verdict_line(judged: Mapping[str, float]) -> str:
    """Return the verdict as one line of text."""
    def drifted(name: str, unit: str) -> str:
        value = judged[name]
        return 'too short to tell' if np.isnan(value) else f'{value:+.2f} {unit}/h'

    share = 100 * judged['lost'] / max(judged['sent'], 1)
    return (f'after the warm-up: RSS {drifted("memory_growth", "MB")}, open files '
            f'{drifted("files_growth", "")}, latency p50 {drifted("p50_drift", "ms")}, p99 '
            f'{drifted("p99_drift", "ms")}; in all: {judged["lost"]:.0f} of {judged["sent"]:.0f} '
            f'images lost ({share:.2f} %, {judged["dropped"]:.0f} dropped for a newer one), '
            f'{judged["surprises"]:.0f} of {judged["calls"]:.0f} calls answered wrongly')


def plain(numbers: Row) -> dict[str, Optional[float]]:
    """Return numbers as JSON has them: what is not known is null."""
    return {name: None if np.isnan(value) else value for name, value in numbers.items()}
