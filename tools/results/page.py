# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""docs/results.md: what was measured on what, beside what others published."""

from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

from real_sets import REAL_SETS

from structvpr_ros.evaluation.markdown import markdown_table
from structvpr_ros.evaluation.score import Score
from structvpr_ros.evaluation.score_table import interval, percent
from structvpr_ros.storage import replacing_file

_MEASURES = ('R@1', 'R@5', 'R@10')
# StructVPR and those it was compared with, R@1 in % on MSLS val, from the poster; its own rows
# on the other sets of the poster are in the paper.
_PUBLISHED = (
    ('StructVPR, MSLS val / challenge', '83.0 / 64.5'), ('StructVPR, Nordland test', '56.1'),
    ('StructVPR, Pittsburgh30k test', '85.1'), ('TransVPR, MSLS val', '70.8'),
    ('Patch-NetVLAD-p, MSLS val', '70.0'), ('DELG, MSLS val', '68.4'),
    ('SFRS, MSLS val', '58.8'), ('NetVLAD, MSLS val', '53.1'))
_POSTER = {'none': 75.8, 'all': 78.4, 'd1': 78.8, 'd2': 80.0, 'd3': 77.7, 's1': 81.6, 's2': 71.6,
           'r1': 79.3, 'r2': 73.8, 'weighted': 83.0}


def write_page(path: Path, scores: Mapping[str, Sequence[Score]],
               peers: Mapping[str, Mapping[str, Mapping[str, float]]],
               ablation: Optional[Mapping[str, Any]]) -> None:
    """
    Write the page.

    :param scores: per set, of all systems.
    :param peers: per set, published measures 0..1 by system and name.
    :param ablation: what ``evaluate ablation`` wrote.
    """
    parts = ['# Results', '',
             'Written by `python tools/results` from measurements; do not edit. All in %, global',
             'retrieval; `+xfeat` and the like: [re-ranked](reranking.md). `untrained` is',
             'EfficientNet-Lite0 as ImageNet left it, GeM over three taps: the bar. `student` is',
             'the [one of the package](student.md).', '',
             '## Real images', '', *_real(scores, peers), '',
             '## The ablation of the poster, on the rendered town', '', *_ablated(ablation), '',
             '## What could not be measured', '',
             'MSLS, Nordland in full, Pittsburgh and Tokyo 24/7 need their official downloads,',
             'which were not at hand: `evaluate` reads them ([datasets](datasets.md)), nobody has',
             'seen its numbers there. What others published there, global retrieval, R@1:', '',
             markdown_table(('system', 'R@1'), _PUBLISHED)]
    with replacing_file(path) as aside:
        aside.write_text('\n'.join(parts) + '\n', encoding='utf-8')


def _real(scores: Mapping[str, Sequence[Score]],
          peers: Mapping[str, Mapping[str, Mapping[str, float]]]) -> list[str]:
    lines = []
    for name, rows in scores.items():
        real = REAL_SETS[name]
        for row in rows:
            first, *others = (row.measures[measure] for measure in _MEASURES)
            lines.append((f'{real.title} ({real.about}; {row.queries} queries)', row.system,
                          f'{percent(first.value)} {interval(first)}',
                          *(percent(other.value) for other in others)))
        lines += [(real.title, f'{peer}, published', *(percent(values[measure])
                                                       for measure in _MEASURES))
                  for peer, values in sorted(peers.get(name, {}).items(),
                                             key=lambda item: -item[1]['R@1'])]
    if not lines:
        return ['None was at hand when this page was written.']
    return [markdown_table(('set', 'system', 'R@1 [95%]', 'R@5', 'R@10'), lines)]


def _ablated(ablation: Optional[Mapping[str, Any]]) -> list[str]:
    if not ablation:
        return ['Not run when this page was written: `ros2 run structvpr_ros evaluate ablation`.']
    systems = ('seg', 'rgb', *ablation['settings'])
    lines = []
    for system in systems:
        recalls = [100 * seed['recalls'][system] for seed in ablation['seeds']]
        published = f'{_POSTER[system]:.1f}' if system in _POSTER else ''
        lines.append((system, f'{sum(recalls) / len(recalls):.1f}',
                      ' '.join(f'{recall:.1f}' for recall in recalls), published))
    shape = [(row['claim'], f'{row["mean_difference"]:+.1f}',
              f'{row["holds_in_seeds"]} of {len(ablation["seeds"])}')
             for row in ablation['shape']]
    shares = ablation['shares']
    return ['R@1 over the queries of conditions that the map does not know; `seg` is the teacher,',
            '`rgb` the student before distillation. [How, and what it takes](ablation.md).', '',
            markdown_table(('system', 'mean', 'by seed', 'poster, MSLS val'), lines), '',
            markdown_table(('shape', 'mean difference', 'holds in seeds'), shape), '',
            'Shares of the training pairs: ' + ', '.join(
                f'{name.upper()} {100 * share:.1f}%' for name, share in shares.items()) + '.']
