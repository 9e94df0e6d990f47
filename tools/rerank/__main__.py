# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Measure the second stage on real sets: what it wins and loses, what it costs, when to skip it.

    python tools/rerank --sets DIR --town TOWN --output DIR

DIR of --sets is what ``tools/results --output`` has written: corridor, nordland_tiny and
ietower as place data sets; TOWN is the town that ``demo`` renders.

Prints what re-ranking brings; recall against mean latency over the lead from which on it is
skipped, also as curves.json and curves.png; and the probabilities that
``matching/default_confidence.py`` has: fitted to all of these sets together, none of which counts
more than another.
"""

from dataclasses import dataclass, field
import json
from pathlib import Path
import sys
from typing import Optional

from curves import curve, draw, table
from fit import fit_default, OUTSIDE_SHARE, PRECISION
from gather import gather, Looks
import numpy as np

from structvpr_ros.cli.command import run
from structvpr_ros.evaluation.fit_confidence import fit_confidence
from structvpr_ros.evaluation.thresholds import outside_weights
from structvpr_ros.inference.local_features.registry import FeatureKind
from structvpr_ros.place_map.confidence import Confidence


@dataclass(frozen=True, kw_only=True)
class RerankOptions:
    """
    What is measured.

    :param output: folder for maps, descriptors and the curves.
    :param sets: folder with the sets.
    :param town: place data set with the splits test_map and test_query.
    :param kinds: of local features.
    :param max_features: of an image, as ``build_map`` has it.
    :param candidates: how many places are verified.
    """

    output: Path
    sets: Path
    town: Optional[Path] = None
    kinds: list[FeatureKind] = field(default_factory=lambda: ['xfeat'])
    max_features: int = 384
    candidates: int = 10


def measure(options: RerankOptions) -> str:
    """Measure all kinds on all sets."""
    lines, curves = [], {}
    for kind in options.kinds:
        looks = gather(options, kind)
        fitted = fit_default(list(looks.values()))
        curves[kind] = {name: curve(seen, fitted.skip_lead) for name, seen in looks.items()}
        lines += [won_and_lost(looks, fitted), table(curves[kind]), f'{kind}: {fitted}']
    (options.output / 'curves.json').write_text(json.dumps(curves, indent=1), encoding='utf-8')
    draw(options.output / 'curves.png', curves)
    return '\n\n'.join(lines)


def won_and_lost(looks: dict[str, Looks], fitted: Confidence) -> str:
    """Return what re-ranking brings in each set as a table."""
    rows = ['| set | kind | R@1 | re-ranked | won / lost | features ms | verify ms p50, p95 '
            '| probability 0.5: recall, precision | mean probability, share right '
            '| lead of its own to skip from, still verified |',
            '|---|---|---|---|---|---|---|---|---|---|']
    for name, seen in looks.items():
        inside = seen.own.inside
        before, after = seen.own.right[inside], seen.own.verified_right[inside]
        rows.append(
            f'| {name} | {seen.kind} | {before.mean():.1%} | {after.mean():.1%} '
            f'| {(after & ~before).sum()} / {(before & ~after).sum()} '
            f'| {1e3 * np.median(seen.extracting):.1f} | {1e3 * np.median(seen.verifying):.1f}, '
            f'{1e3 * np.quantile(seen.verifying, 0.95):.1f} | {_told(seen, fitted)} |')
    return '\n'.join(rows)


def _told(seen: Looks, fitted: Confidence) -> str:
    both = seen.own.joined(seen.without)
    weights = outside_weights(both.inside, OUTSIDE_SHARE)
    told, right = both.told(fitted)
    given, good = weights[told >= 0.5].sum(), weights[(told >= 0.5) & right].sum()
    lead = fit_confidence(both, weights, PRECISION).skip_lead
    verified = 1.0 if lead is None else np.mean(seen.own.lead < lead)
    return (f'{good / weights[both.inside].sum():.1%}, {good / max(given, 1e-9):.1%} '
            f'| {np.average(told, weights=weights):.2f}, '
            f'{np.average(right, weights=weights):.2f} '
            f'| {"none" if lead is None else round(lead, 3)}, {verified:.0%}')


if __name__ == '__main__':
    raise SystemExit(run('rerank', measure, RerankOptions, sys.argv[1:], str))
