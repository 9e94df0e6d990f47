# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""R@K of several models per condition of the queries, as rows and as a table to read."""

from dataclasses import dataclass
from typing import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.evaluation.recall import rank_database, RECALL_AT, recall_at

ALL = 'all'


@dataclass(frozen=True)
class Score:
    """
    How well one model finds the queries of one condition.

    :param model: the model's name.
    :param condition: the queries' condition; ``all`` for all of them together.
    :param queries: how many of them have a positive in the map.
    :param recall: R@K in 0..1, by K.
    """

    model: str
    condition: str
    queries: int
    recall: Mapping[int, float]


def score(model: str, query_descriptors: NDArray[np.float32],
          map_descriptors: NDArray[np.float32], queries: PlaceTable, database: PlaceTable,
          proximity: Proximity) -> list[Score]:
    """
    Score a model's descriptors: a row for each condition in order of appearance, then all.

    Conditions whose queries have no positive at all are left out.

    :param query_descriptors: (Q, D) float32 of the rows of ``queries``.
    :param map_descriptors: (N, D) float32 of the rows of ``database``.
    :raises DatasetError: no query has a positive.
    """
    ranked = rank_database(query_descriptors, map_descriptors, max(RECALL_AT))
    positives = relate(queries, database, proximity).positives
    answerable = np.array([len(rows) > 0 for rows in positives])
    conditions = np.array(queries.conditions)
    members = {str(name) or ALL: conditions == name for name in dict.fromkeys(conditions)}
    if len(members) > 1 or not answerable.any():
        members[ALL] = np.ones(len(queries), bool)
    return [
        Score(model, name, int((chosen & answerable).sum()),
              recall_at(ranked[chosen], [positives[row] for row in np.flatnonzero(chosen)]))
        for name, chosen in members.items() if (chosen & answerable).any() or name == ALL]


def format_scores(scores: Sequence[Score]) -> str:
    """Lay the scores out as a Markdown table: a line per condition, R@K in % per model."""
    models = list(dict.fromkeys(row.model for row in scores))
    cells = {(row.condition, row.model): row for row in scores}
    header = ['condition', 'queries', *(f'{model} R@{"/".join(map(str, RECALL_AT))}'
                                        for model in models)]
    lines = [header]
    for condition in dict.fromkeys(row.condition for row in scores):
        rows = [cells[condition, model] for model in models]
        lines.append([condition, str(rows[0].queries), *map(_percentages, rows)])
    widths = [max(map(len, column)) for column in zip(*lines)]
    lines.insert(1, ['-' * width for width in widths])
    return '\n'.join('| ' + ' | '.join(cell.ljust(width) for cell, width in zip(line, widths))
                     + ' |' for line in lines)


def _percentages(row: Score) -> str:
    return ' / '.join(f'{100 * row.recall[depth]:.1f}' for depth in RECALL_AT)
