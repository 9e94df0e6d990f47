# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What an ablation found: per seed, and over all seeds."""

from dataclasses import asdict, dataclass
import json
from pathlib import Path
from typing import Mapping, Optional

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.evaluation.markdown import markdown_table
from structvpr_ros.evaluation.score import Score
from structvpr_ros.storage import replacing_file

# The shape of the poster's table: the left setting is at least as good as the right one, in
# points of R@1 by which it must be better. The control is ours: what random descriptors teach as
# well as the right ones is no knowledge.
SHAPE = (('weighted', 's1', 0.0), ('s1', 'all', 0.0), ('all', 'none', 0.0),
         ('none', 's2', 0.0), ('weighted', 'none', 5.0), ('all', 'control', 0.0))


@dataclass(frozen=True)
class SeedFindings:
    """
    What one seed gave.

    :param recalls: R@1 in hard conditions, 0..1, by system: ``seg`` (the teacher) and those of
        other encodings, ``rgb`` (the student before distillation), and each setting.
    :param shares: of each group among the training pairs, 0..1.
    :param scores: all that was measured, per system and condition.
    """

    seed: int
    recalls: Mapping[str, float]
    shares: Mapping[str, float]
    scores: list[Score]


@dataclass(frozen=True)
class Findings:
    """
    What all seeds gave.

    :param settings: in the order they were asked for.
    :param seeds: one entry each, of which there is at least one.
    """

    settings: tuple[str, ...]
    seeds: tuple[SeedFindings, ...]

    def recalls(self, system: str) -> NDArray[np.float64]:
        """Return R@1 in hard conditions of one system in % by seed, (S,)."""
        return np.array([100 * seed.recalls[system] for seed in self.seeds])

    def shares(self) -> dict[str, float]:
        """Return the mean share of each group, 0..1."""
        return {name: float(np.mean([seed.shares[name] for seed in self.seeds]))
                for name in self.seeds[0].shares}

    def shape(self) -> list[tuple[str, float, int]]:
        """Return claim, mean difference in points and in how many seeds it holds, of each."""
        claims = []
        for better, worse, points in SHAPE:
            if better in self.settings and worse in self.settings:
                gains = self.recalls(better) - self.recalls(worse)
                claim = f'{better} >= {worse}' + (f' + {points:g}' if points else '')
                claims.append((claim, float(gains.mean()), int((gains >= points).sum())))
        return claims

    def write(self, path: Path) -> None:
        """Write all numbers as JSON."""
        with replacing_file(path) as aside:
            aside.write_text(json.dumps({
                'settings': self.settings, 'seeds': [asdict(seed) for seed in self.seeds],
                'shares': self.shares(),
                'shape': [{'claim': claim, 'mean_difference': mean, 'holds_in_seeds': count}
                          for claim, mean, count in self.shape()]}, indent=1), encoding='utf-8')

    def __str__(self) -> str:
        """Lay out the ablation as tables in Markdown."""
        before = [name for name in self.seeds[0].recalls if name not in self.settings]
        lines = [self._line(system) for system in (*before, *self.settings)]
        shares = self.shares()
        parts = ['R@1 in % over the queries of conditions that the map does not know, '
                 f'{len(self.seeds)} seed(s):', '',
                 markdown_table(('system', 'mean', 'spread', 'against none', 'by seed'), lines),
                 '', 'Shares of the training pairs:', '',
                 markdown_table([name.upper() for name in shares],
                                [[f'{100 * share:.1f}%' for share in shares.values()]])]
        if self.shape():
            parts += ['', markdown_table(("the poster's shape", 'mean difference', 'holds in'), [
                (claim, f'{mean:+.1f}', f'{count} of {len(self.seeds)} seeds')
                for claim, mean, count in self.shape()])]
        return '\n'.join(parts)

    def _line(self, system: str) -> tuple[str, ...]:
        recalls, spread = self.recalls(system), _spread(self.recalls(system))
        gain = ''
        if 'none' in self.settings:
            gains = recalls - self.recalls('none')
            error = _spread(gains)
            gain = f'{gains.mean():+.1f}' + (f' +- {error:.1f}' if error is not None else '')
        return (system, f'{recalls.mean():.1f}', '' if spread is None else f'{spread:.1f}', gain,
                ' '.join(f'{value:.1f}' for value in recalls))


def _spread(values: NDArray[np.float64]) -> Optional[float]:
    """Return the standard deviation of a sample; None of a single value."""
    return float(values.std(ddof=1)) if len(values) > 1 else None
