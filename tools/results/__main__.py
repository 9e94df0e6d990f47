# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Measure models on real sets, and write docs/results.md from that and from an ablation.

    python tools/results --sets DIR --output DIR --models "[student]" --ablation ablation.json

DIR of --sets holds the folders corridor, nordland_tiny, ietower and camvid. What of that is not
given is left out of the page, and the page says so.
"""

from dataclasses import dataclass, field
import json
from pathlib import Path
import sys
from typing import Optional

from page import write_page
from real_sets import REAL_SETS
from untrained import write_untrained

from structvpr_ros.cli.command import run
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions
from structvpr_ros.inference.local_features.kinds import MatchKind
from structvpr_ros.models.shipped import SHIPPED_STUDENT

# Half a frame beyond the last right one: the frames are a metre apart.
_HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class ResultsOptions:
    """
    What is measured.

    :param output: folder for the data sets, descriptors and reports.
    :param sets: folder with the published sets.
    :param models: bundles beside the student of the package and the untrained one; they are
        described several times faster if they were exported.
    :param rerank: as of ``evaluate``: re-ranked systems as more rows.
    :param ablation: ablation.json of ``evaluate ablation``.
    :param page: the page that is written.
    """

    output: Path
    sets: Optional[Path] = None
    models: list[Path] = field(default_factory=list)
    rerank: list[MatchKind] = field(default_factory=list)
    ablation: Optional[Path] = None
    page: Path = Path('docs/results.md')


def measure(options: ResultsOptions) -> Path:
    """Measure, and write the page."""
    bundles = [write_untrained(options.output / 'untrained'), SHIPPED_STUDENT,
               *map(Path, options.models)]
    scores, peers = {}, {}
    for name, real in REAL_SETS.items():
        published = options.sets and Path(options.sets) / real.folder
        if not published or not published.is_dir():
            continue
        dataset = real.write(published, options.output / name)
        evaluation = evaluate(EvaluateOptions(
            dataset=dataset, models=bundles, output=options.output / f'{name}_report',
            proximity=Proximity(real.within + _HALF, real.within + _HALF),
            engine='auto', rerank=options.rerank))
        scores[name] = evaluation.scores
        if (published / 'peers.json').is_file():
            peers[name] = json.loads((published / 'peers.json').read_text(encoding='utf-8'))
    ablation = options.ablation and json.loads(
        Path(options.ablation).read_text(encoding='utf-8'))
    write_page(options.page, scores, peers, ablation)
    return options.page


if __name__ == '__main__':
    raise SystemExit(run('results', measure, ResultsOptions, sys.argv[1:], str))
