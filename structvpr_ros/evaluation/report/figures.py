# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The plots of the report, as matplotlib figures."""

from functools import partial
from typing import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.evaluation.knowledge import Knowledge
from structvpr_ros.evaluation.match_sheet import RIGHT, WRONG
from structvpr_ros.evaluation.outcomes import Outcomes
from structvpr_ros.evaluation.precision_recall import precision_recall
from structvpr_ros.evaluation.recall import RECALL_AT, recall_at
from structvpr_ros.evaluation.results import Evaluation, Result
from structvpr_ros.evaluation.score import members

_COLUMNS = 3
_PANEL = (3.6, 3.0)  # inches
_FAR = 100_000.0  # metres; on one map, cities farther apart would be dots
# Of the four groups: what the teacher alone, both, and only the student knows; what it does not.
_GROUPS = {'d1': '#4477aa', 'd2': '#66ccee', 'd3': '#ccbb44', 'd4': '#bbbbbb'}

Draw = Callable[[Axes, Outcomes, str], None]


def recall_figure(evaluation: Evaluation) -> Figure:
    """Draw R@K over K, a panel per condition and a line per system."""
    depths = range(1, max(RECALL_AT) + 1)

    def draw(axes: Axes, outcomes: Outcomes, name: str) -> None:
        values = [recall_at(depth, outcomes, outcomes.once)[0] for depth in depths]
        axes.plot(depths, values, label=name)

    return _per_condition(evaluation, draw, 'K', 'R@K', (1, max(RECALL_AT)))


def precision_recall_figure(evaluation: Evaluation) -> Figure:
    """Draw precision over recall, a panel per condition and a line per system."""
    def draw(axes: Axes, outcomes: Outcomes, name: str) -> None:
        curve = precision_recall(outcomes, outcomes.once)
        axes.plot(np.append(0.0, curve.recall[0]),
                  np.append(curve.precision[0, 0], curve.precision[0]), label=name)

    return _per_condition(evaluation, draw, 'recall', 'precision', (0, 1))


def error_figure(evaluation: Evaluation) -> Figure:
    """Draw where queries were answered rightly and wrongly; positions must be known."""
    queries, database = evaluation.trial.queries, evaluation.trial.database
    regions = _regions(np.concatenate([queries.positions, database.positions]))
    asked, known = regions[:len(queries)], regions[len(queries):]

    def draw(axes: Axes, result: Result, region: int) -> None:
        axes.scatter(*database.positions[known == region].T, s=3, color='#cccccc', label='map')
        here = result.outcomes.answerable & (asked == region)
        for right, colour, mark in ((True, RIGHT, 'o'), (False, WRONG, 'x')):
            chosen = here & (result.outcomes.right == right)
            axes.scatter(*queries.positions[chosen].T, s=14, color=colour, marker=mark,
                         linewidths=1, label=f'{"right" if right else "wrong"}: {chosen.sum()}')
        axes.set(xlabel='x, m', ylabel='y, m', title=plain(result.name))
        axes.set_aspect('equal', adjustable='datalim')
        axes.legend(fontsize=7)

    return _panels([partial(draw, result=result, region=region)
                    for region in np.unique(asked) for result in evaluation.results], 1.5)


def knowledge_figure(knowledge: Sequence[Knowledge]) -> Figure:
    """Draw the shares of D1 to D4, a bar for each teacher and student."""
    figure = Figure(figsize=(8, 0.9 + 0.45 * len(knowledge)), layout='constrained')
    axes = figure.subplots()
    names = [plain(f'{row.teacher} → {row.student}') for row in knowledge]
    left = np.zeros(len(knowledge))
    for group, colour in _GROUPS.items():
        widths = np.array([100 * row.shares[group] for row in knowledge])
        axes.barh(range(len(names)), widths, left=left, color=colour, label=group.upper())
        left += widths
    axes.set(yticks=range(len(names)), yticklabels=names, xlim=(0, 100),
             xlabel='% of the query-positive pairs')
    axes.invert_yaxis()
    figure.legend(ncols=len(_GROUPS), loc='outside upper center', fontsize=8)
    return figure


def _per_condition(evaluation: Evaluation, draw: Draw, across: str, upwards: str,
                   limits: tuple[float, float]) -> Figure:
    conditions = members(evaluation.trial.queries.conditions)
    shown = {row.condition for row in evaluation.scores}

    def panel(condition: str) -> Callable[[Axes], None]:
        def fill(axes: Axes) -> None:
            for result in evaluation.results:
                draw(axes, result.outcomes.take(conditions[condition]), plain(result.name))
            axes.set(title=plain(condition), xlabel=across, ylabel=upwards, xlim=limits,
                     ylim=(0, 1.03))
            axes.grid(alpha=0.3)
        return fill

    figure = _panels([panel(condition) for condition in conditions if condition in shown])
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, ncols=4, loc='outside upper center', fontsize=8)
    return figure


def _regions(positions: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which region, such as a city far from the others, each position is in; (N,)."""
    order = np.argsort(positions[:, 0], kind='stable')
    gaps = np.diff(positions[order, 0], prepend=positions[order[0], 0]) > _FAR
    regions = np.empty(len(positions), np.int64)
    regions[order] = gaps.cumsum()
    return regions


def _panels(fills: Sequence[Callable[[Axes], None]], scale: float = 1.0) -> Figure:
    columns = min(_COLUMNS, len(fills))
    lines = -(-len(fills) // columns)
    figure = Figure(figsize=(scale * _PANEL[0] * columns, scale * _PANEL[1] * lines + 0.4),
                    layout='constrained')
    grid = figure.subplots(lines, columns, squeeze=False).flat
    for fill, axes in zip(fills, grid):
        fill(axes)
    for axes in grid:
        axes.set_axis_off()
    return figure


def plain(text: str) -> str:
    """Return a text as matplotlib shows it letter by letter."""
    # Matplotlib reads what stands between dollars as a formula, hides labels from legends that
    # begin with an underscore, and knows no file names that are not Unicode.
    text = text.encode('utf-8', 'backslashreplace').decode()
    return text.replace('$', r'\$').removeprefix('_')
