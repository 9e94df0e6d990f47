# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The plots of the report of a map, as matplotlib figures."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.evaluation.look_alikes import LookAlikes
from structvpr_ros.evaluation.report.figures import plain
from structvpr_ros.place_map.calibration import Calibration

_PAGE = 10.4  # inches wide


def trajectory_figure(table: PlaceTable, found: LookAlikes) -> Figure:
    """Draw where images were taken, by condition, and how alike something elsewhere looks."""
    figure = Figure(figsize=(_PAGE, 5.0), layout='constrained')
    left, right = figure.subplots(1, 2)
    conditions = np.array(table.conditions)[found.rows]
    x, y = table.positions[found.rows].T
    names = np.unique(conditions)
    for rank, name in enumerate(names):
        chosen = conditions == name
        # Drives lie one upon another: the first ones show as rings around the later ones.
        left.scatter(x[chosen], y[chosen], s=8 + 14 * min(len(names) - 1 - rank, 10),
                     label=plain(name) or 'unknown')
    left.legend(fontsize=7, loc='best')
    _as_map(left, 'images by condition')
    # The most deceptive on top.
    order = np.argsort(found.score)
    shown = right.scatter(x[order], y[order], s=7, cmap='inferno_r',
                          c=np.maximum(found.score[order], -1.0))
    figure.colorbar(shown, ax=right, shrink=0.8)
    _as_map(right, 'similarity to the most similar image elsewhere')
    return figure


def matrix_figure(similar: NDArray[np.float32], same: NDArray[np.bool_]) -> Figure:
    """Draw the similarities of images of a map beside what they should be."""
    figure = Figure(figsize=(_PAGE, 4.9), layout='constrained')
    left, right = figure.subplots(1, 2)
    shown = left.imshow(similar, cmap='viridis', interpolation='nearest')
    figure.colorbar(shown, ax=left, shrink=0.8)
    left.set_title('similarity of what they look like', fontsize=9)
    right.imshow(same, cmap='gray', interpolation='nearest')
    right.set_title('the same place (white)', fontsize=9)
    for axes in (left, right):
        axes.set(xlabel='image', ylabel='image')
    return figure


def calibration_figure(calibration: Calibration) -> Figure:
    """Draw the curve that a map was calibrated by, and the thresholds chosen."""
    figure = Figure(figsize=(4.6, 3.2), layout='constrained')
    axes = figure.subplots()
    points = np.array(calibration.curve).reshape(-1, 3)
    axes.plot(points[:, 2], points[:, 1])
    axes.plot(calibration.recall, calibration.precision, 'o', label='chosen')
    axes.set(xlabel='recall', ylabel='precision', xlim=(0, 1), ylim=(0, 1.03))
    axes.legend(fontsize=8)
    return figure


def _as_map(axes: Axes, title: str) -> None:
    axes.set(xlabel='x, m', ylabel='y, m')
    axes.set_title(title, fontsize=9)
    axes.set_aspect('equal', adjustable='datalim')
