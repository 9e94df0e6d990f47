# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Recall against mean latency over the lead from which on verifying is skipped."""

from pathlib import Path
from typing import Mapping, Optional, Sequence

from gather import Looks
from matplotlib.figure import Figure
import numpy as np

Curves = Mapping[str, Sequence[Mapping[str, Optional[float]]]]

# Leads; None never skips.
_LEADS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, None)


def curve(seen: Looks, default: Optional[float]) -> list[dict[str, Optional[float]]]:
    """Return R@1 and the mean milliseconds of the processor at each lead, and at the default."""
    points = []
    for lead in dict.fromkeys([*_LEADS, default]):
        verified = np.ones(len(seen.own), bool) if lead is None else seen.own.lead < lead
        right = np.where(verified, seen.own.verified_right, seen.own.right)
        cost = float(np.mean(seen.extracting) + np.mean(seen.verifying))
        points.append({
            'skip_lead': lead, 'recall': float(right[seen.own.inside].mean()),
            'verified': float(verified.mean()),
            'milliseconds': 1e3 * (seen.describing + float(verified.mean()) * cost),
            'is_default': lead == default})
    return sorted(points, key=lambda point: point['milliseconds'])


def table(curves: Curves) -> str:
    """Return the curves of one kind as a table; the default is marked."""
    rows = ['| set | skipped from a lead of | verified | R@1 | mean ms |', '|---|---|---|---|---|']
    for name, points in curves.items():
        for point in points:
            lead = 'never' if point['skip_lead'] is None else f'{point["skip_lead"]:.3f}'
            rows.append(f'| {name} | {lead}{" (default)" if point["is_default"] else ""} '
                        f'| {point["verified"]:.0%} | {point["recall"]:.1%} '
                        f'| {point["milliseconds"]:.1f} |')
    return '\n'.join(rows)


def draw(path: Path, kinds: Mapping[str, Curves]) -> None:
    """Draw the curves of all kinds; a dot is the default."""
    figure = Figure((7, 4.5), layout='constrained')
    axes = figure.subplots()
    for kind, curves in kinds.items():
        for name, points in curves.items():
            times, recalls = ([point[what] for point in points]
                              for what in ('milliseconds', 'recall'))
            line, = axes.plot(times, recalls, '-', label=f'{name}, {kind}')
            for point in points:
                if point['is_default']:
                    axes.plot(point['milliseconds'], point['recall'], 'o', color=line.get_color())
    axes.set_xlabel('mean milliseconds of the processor an image')
    axes.set_ylabel('R@1')
    axes.grid(alpha=0.3)
    axes.legend(fontsize='small')
    figure.savefig(path, dpi=120)
