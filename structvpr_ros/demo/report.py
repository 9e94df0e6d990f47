# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the demonstration ends with: tables to read, the same as JSON, and a picture sheet."""

from dataclasses import asdict, dataclass
import json
from pathlib import Path
from typing import Mapping, Optional, Sequence

import numpy as np

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.demo.answers import LiveAnswer
from structvpr_ros.evaluation.markdown import markdown_table
from structvpr_ros.evaluation.match_sheet import Match, write_match_sheet
from structvpr_ros.evaluation.score import Score
from structvpr_ros.storage import replacing_file

_PICTURES_PER_CONDITION = 2
_SHOWN = ('R@1', 'R@5', 'R@10')


@dataclass(frozen=True)
class LiveResult:
    """
    How the live node did.

    :param sent: images published.
    :param answered: images that got an answer.
    :param right: answers whose first place is right.
    :param latency_p50_ms: milliseconds from publishing an image to hearing the answer, median.
    :param latency_p99_ms: likewise, of the slowest hundredth.
    """

    sent: int
    answered: int
    right: int
    latency_p50_ms: float
    latency_p99_ms: float

    @property
    def recall(self) -> float:
        """R@1 of the answered images, 0..1."""
        return self.right / self.answered


def live_result(answers: Sequence[LiveAnswer], right: Mapping[str, Optional[bool]]) -> LiveResult:
    """Sum up the answers, of which there is at least one."""
    latencies = [1e3 * answer.latency for answer in answers]
    p50, p99 = np.percentile(latencies, (50, 99))
    return LiveResult(len(right), len(answers), sum(map(bool, right.values())),
                      float(p50), float(p99))


def format_report(scores: Sequence[Score], shares: Mapping[str, float],
                  live: LiveResult) -> str:
    """Lay out the recalls, the shares of the groups and the live result as Markdown."""
    names = [name for name in shares if name.startswith('d')]
    return '\n'.join([
        'R@1/5/10 in %, the sunny streets searched for those of each condition:', '',
        _recalls(scores), '',
        'Shares of the query-positive pairs that the student was distilled on:', '',
        '| ' + ' | '.join(name.upper() for name in names) + ' |',
        '|' + '------|' * len(names),
        '| ' + ' | '.join(f'{100 * shares[name]:.1f}%' for name in names) + ' |', '',
        'The live node:', '',
        '| images sent | answers | live R@1 | latency p50 | latency p99 |',
        '|-------------|---------|----------|-------------|-------------|',
        f'| {live.sent} | {live.answered} | {100 * live.recall:.1f}% '
        f'| {live.latency_p50_ms:.1f} ms | {live.latency_p99_ms:.1f} ms |'])


def write_report(path: Path, scores: Sequence[Score], shares: Mapping[str, float],
                 live: LiveResult) -> None:
    """Write the numbers of the report as JSON."""
    with replacing_file(path) as aside:
        aside.write_text(json.dumps({
            'scores': [asdict(row) for row in scores], 'shares': dict(shares),
            'live': {**asdict(live), 'recall': live.recall}}, indent=1), encoding='utf-8')


def write_sheet(path: Path, answers: Sequence[LiveAnswer], right: Mapping[str, Optional[bool]],
                queries: PlaceTable, database: PlaceTable) -> None:
    """Write the picture sheet: some answered images of each condition, evenly spread."""
    by_image = {answer.image: answer for answer in answers}
    picture_of = dict(zip(reversed(database.places), reversed(database.images)))
    matches = []
    for condition in dict.fromkeys(queries.conditions):
        rows = [row for row, image in enumerate(queries.images)
                if queries.conditions[row] == condition and image in by_image]
        for row in (rows[len(rows) * part // _PICTURES_PER_CONDITION]
                    for part in range(_PICTURES_PER_CONDITION) if rows):
            image = queries.images[row]
            place, score = (by_image[image].places or (('', 0.0),))[0]
            answer = database.root / picture_of[place] if place else None
            matches.append(Match(
                queries.image_path(row), answer, bool(right[image]), score, condition))
    write_match_sheet(path, matches)


def _recalls(scores: Sequence[Score]) -> str:
    systems = list(dict.fromkeys(row.system for row in scores))
    cells = {(row.condition, row.system): row for row in scores}
    lines = []
    for condition in dict.fromkeys(row.condition for row in scores):
        rows = [cells[condition, system] for system in systems]
        lines.append([condition, str(rows[0].answerable), *(
            ' / '.join(f'{100 * row.measures[name].value:.1f}' for name in _SHOWN)
            for row in rows)])
    return markdown_table(
        ['condition', 'queries', *(f'{system} R@1/5/10' for system in systems)], lines)
