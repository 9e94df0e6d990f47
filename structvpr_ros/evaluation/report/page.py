# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The page itself: tables, plots and pictures in one file that loads nothing."""

import math
from pathlib import Path
from typing import Callable
from xml.etree.ElementTree import Element

from matplotlib.figure import Figure

from structvpr_ros.evaluation.measures import MEASURES
from structvpr_ros.evaluation.report.document import document
from structvpr_ros.evaluation.report.figures import (error_figure, knowledge_figure,
                                                     precision_recall_figure, recall_figure)
from structvpr_ros.evaluation.report.gallery import gallery
from structvpr_ros.evaluation.report.markup import element, render, table
from structvpr_ros.evaluation.report.pictures import raster_picture, vector_picture
from structvpr_ros.evaluation.results import Evaluation
from structvpr_ros.evaluation.score import Estimate
from structvpr_ros.evaluation.score_table import (by_condition, interval, percent, query_count,
                                                  system_table)
from structvpr_ros.evaluation.trial import Trial
from structvpr_ros.storage import replacing_file


def write_page(path: Path, evaluation: Evaluation) -> None:
    """Write the report as one HTML file."""
    with replacing_file(path) as aside:
        # A file name need not be Unicode.
        aside.write_text(render(_page(evaluation)), encoding='utf-8', errors='backslashreplace')


def _page(evaluation: Evaluation) -> Element:
    return document(
        f'Evaluation on {evaluation.trial.queries.root.name}', *_about(evaluation),
        *_scores(evaluation), *_knowledge(evaluation), *_errors(evaluation),
        *_gallery(evaluation))


def _about(evaluation: Evaluation) -> list[Element]:
    trial, bootstrap = evaluation.trial, evaluation.bootstrap
    return [
        element('p', f'{len(trial.queries)} queries were sought among {len(trial.database)} '
                     f'images. {_truth(evaluation)}'),
        element('p', 'R@K: share of the queries with a right image among the first K answers. '
                     'AP: average precision, the area below the curve of precision over recall, '
                     'as steps. R@100P and R@99P: the largest share of queries that is answered '
                     'rightly while 100% or 99% of all answers are right, by a threshold on the '
                     'score of the best match. All in %. Queries without a right image in the '
                     'map count as wrong in the latter three when they are answered; the table '
                     'gives their number as (+n). In brackets: the interval that holds '
                     f'{100 * bootstrap.confidence:g}% of {bootstrap.resamples} resamples of '
                     'the queries.')]


def _truth(evaluation: Evaluation) -> str:
    trial = evaluation.trial
    if trial.queries.truth is not None:
        return 'Right is what the data set lists as such.'
    if not _has_positions(trial):
        return 'Right is an image of the same place ID.'
    proximity = trial.proximity
    return (f'Right is an image within {proximity.positive_radius:g} m of the query that looks '
            f'the same way within {math.degrees(proximity.positive_angle):.0f}°, where '
            'headings are known.')


def _scores(evaluation: Evaluation) -> list[Element]:
    lines = [(row.condition, row.system, query_count(row),
              *(_estimate(row.measures[name]) for name in MEASURES))
             for row in by_condition(evaluation.scores)]
    return [
        element('h2', 'Scores'),
        element('div', table(('condition', 'system', 'queries', *MEASURES), lines),
                class_='wide'),
        element('h2', 'Retrieval'), table(*system_table(evaluation)),
        element('p', 'From a descriptor to its best match in the map, one query at a time.'),
        element('h2', 'Recall over the number of answers'),
        _plot(vector_picture, recall_figure(evaluation), 'R@K over K per condition'),
        element('h2', 'Precision over recall'),
        _plot(vector_picture, precision_recall_figure(evaluation),
              'precision over recall per condition')]


def _estimate(estimate: Estimate) -> Element:
    return element('span', percent(estimate.value), ' ', element('small', interval(estimate)))


def _knowledge(evaluation: Evaluation) -> list[Element]:
    if not evaluation.knowledge:
        return []
    names = list(evaluation.knowledge[0].shares)
    lines = [(row.teacher, row.student, str(row.pairs),
              *(f'{100 * row.shares[name]:.1f}' for name in names))
             for row in evaluation.knowledge]
    return [
        element('h2', 'Who knows the pairs'),
        element('p', 'Shares in % of the query-positive pairs by the ranks that the SEG teacher '
                     'and the RGB student give them, right up to rank '
                     f'{evaluation.knowledge[0].rank_threshold}. D1: the teacher alone is right; '
                     'D2: both, the teacher at least as good; D3: both, the student better; D4: '
                     'the teacher is wrong. S1 = D1 + D2 + D3, S2 = D4; R1: the student is '
                     'right, R2: it is wrong.'),
        _plot(vector_picture, knowledge_figure(evaluation.knowledge), 'shares of D1 to D4'),
        table(('teacher', 'student', 'pairs', *map(str.upper, names)), lines)]


def _errors(evaluation: Evaluation) -> list[Element]:
    if not _has_positions(evaluation.trial):
        return []
    return [element('h2', 'Where it goes wrong'),
            _plot(raster_picture, error_figure(evaluation),
                  'positions of right and wrong answers')]


def _gallery(evaluation: Evaluation) -> list[Element]:
    return [element('h2', 'Answers'),
            *(gallery(result, evaluation.trial) for result in evaluation.results)]


def _plot(picture: Callable[[Figure], str], figure: Figure, alt: str) -> Element:
    return element('p', element('img', src=picture(figure), alt=alt))


def _has_positions(trial: Trial) -> bool:
    return trial.queries.positions is not None and trial.database.positions is not None
