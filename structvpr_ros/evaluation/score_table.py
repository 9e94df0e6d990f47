# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The scores of an evaluation as tables to read, in Markdown."""

from typing import Sequence

from structvpr_ros.evaluation.markdown import markdown_table
from structvpr_ros.evaluation.measures import MEASURES
from structvpr_ros.evaluation.results import Evaluation
from structvpr_ros.evaluation.score import Estimate, Score


def format_evaluation(evaluation: Evaluation) -> str:
    """Lay out all scores, a line per condition and system, then the time of a search."""
    first, *others = MEASURES
    confidence = f'{100 * evaluation.bootstrap.confidence:g}%'
    lines = [(row.condition, row.system, query_count(row),
              f'{percent(row.measures[first].value)} {interval(row.measures[first])}',
              *(percent(row.measures[name].value) for name in others))
             for row in by_condition(evaluation.scores)]
    return '\n'.join([
        markdown_table(('condition', 'system', 'queries', f'{first} [{confidence}]', *others),
                       lines), '',
        markdown_table(*system_table(evaluation))])


def by_condition(scores: Sequence[Score]) -> list[Score]:
    """Return the scores of each condition side by side, systems in the order they came."""
    conditions = list(dict.fromkeys(row.condition for row in scores))
    return sorted(scores, key=lambda row: conditions.index(row.condition))


def system_table(evaluation: Evaluation) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return header and lines of what else is known of each system."""
    lines = [(result.name, str(result.descriptor_size), f'{1e3 * result.search_time:.2f} ms')
             for result in evaluation.results]
    return ('system', 'descriptor', 'search per query'), lines


def query_count(row: Score) -> str:
    """Return how many queries have a positive, and (+n) have none."""
    lost = row.queries - row.answerable
    return f'{row.answerable} (+{lost})' if lost else str(row.queries)


def percent(value: float) -> str:
    """Return a share 0..1 in %."""
    return f'{100 * value:.1f}'


def interval(estimate: Estimate) -> str:
    """Return an interval in %."""
    return f'[{percent(estimate.low)}, {percent(estimate.high)}]'
