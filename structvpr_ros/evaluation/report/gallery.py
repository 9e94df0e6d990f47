# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of right and wrong answers, from the most to the least certain."""

from typing import Optional
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ImageError
from structvpr_ros.evaluation.outcomes import NEVER
from structvpr_ros.evaluation.report.markup import element
from structvpr_ros.evaluation.report.pictures import thumbnail
from structvpr_ros.evaluation.results import Result
from structvpr_ros.evaluation.trial import Trial

_SHOWN = 8  # of each kind


def gallery(result: Result, trial: Trial) -> Element:
    """
    Show wrong and right answers of a system, evenly spread over their scores.

    Queries that nothing in the database could answer are left out.
    """
    outcomes = result.outcomes
    wrong = _spread(np.flatnonzero(outcomes.answerable & ~outcomes.right), outcomes.score)
    right = _spread(np.flatnonzero(outcomes.right), outcomes.score)
    return element(
        'section', element('h3', result.name),
        *(_kind(title, rows, result, trial) for title, rows in (
            ('Wrong, from the most certain on', wrong),
            ('Right, from the most certain on', right)) if len(rows)))


def _spread(rows: NDArray[np.int64], score: NDArray[np.float32]) -> NDArray[np.int64]:
    ordered = rows[np.argsort(-score[rows], kind='stable')]
    chosen = np.linspace(0, len(ordered) - 1, min(_SHOWN, len(ordered)))
    return ordered[chosen.round().astype(np.int64)]


def _kind(title: str, rows: NDArray[np.int64], result: Result, trial: Trial) -> Element:
    return element('div', element('h4', title), element(
        'div', *(_match(int(row), result, trial) for row in rows), class_='matches'))


def _match(query: int, result: Result, trial: Trial) -> Element:
    queries, database = trial.queries, trial.database
    answer = int(result.answers.rows[query, 0])
    right = bool(result.outcomes.right[query])
    pictures = [
        _picture(queries, query, f'query {queries.conditions[query]}'),
        _picture(database, answer, f'{"right" if right else "wrong"}, '
                                   f'{result.outcomes.score[query]:.3f}')]
    expected = None if right else _expected(query, result, trial)
    if expected:
        pictures.append(_picture(database, *expected))
    return element('div', *pictures, class_='match right' if right else 'match wrong')


def _expected(query: int, result: Result, trial: Trial) -> Optional[tuple[int, str]]:
    rank = int(result.outcomes.rank[query])
    if rank == NEVER:
        row = int(trial.relations.positives[query][0])
        return row, f'would be right, not among {result.answers.rows.shape[1]}'
    return int(result.answers.rows[query, rank - 1]), f'would be right, answer {rank}'


def _picture(table: PlaceTable, row: int, caption: str) -> Element:
    name = table.images[row]
    try:
        shown = element('img', src=thumbnail(table.image_path(row)), alt=name, title=name)
    except ImageError:
        # A map knows its images by name; the pictures may be gone.
        shown = element('div', name, class_='missing')
    return element('figure', shown, element('figcaption', caption))
