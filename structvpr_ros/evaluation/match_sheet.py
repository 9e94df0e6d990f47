# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A picture sheet of queries beside their best matches, framed by right and wrong."""

from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from structvpr_ros.data.image_files import read_image
from structvpr_ros.storage import replacing_file

RIGHT, WRONG = '#2e8b57', '#c0392b'


@dataclass(frozen=True)
class Match:
    """
    One answered query.

    :param query: the query image's file.
    :param answer: the best match's file in the map; None where there was no answer.
    :param right: the answer is a positive of the query.
    :param score: of the answer, -1 to 1.
    :param caption: what the query is, such as its condition.
    """

    query: Path
    answer: Optional[Path]
    right: bool
    score: float
    caption: str


def write_match_sheet(path: Path, matches: Sequence[Match], columns: int = 4) -> None:
    """
    Write a PNG with ``columns`` pairs a line: the query on the left, its answer on the right.

    :raises ImageError: an image cannot be read.
    """
    lines = max(1, -(-len(matches) // columns))
    figure = Figure(figsize=(4.2 * columns, 1.85 * lines), layout='constrained')
    FigureCanvasAgg(figure)
    axes = figure.subplots(lines, 2 * columns, squeeze=False)
    for place in axes.flat:
        place.set_axis_off()
    for number, match in enumerate(matches):
        line, column = divmod(number, columns)
        _show_pair(axes[line, 2 * column], axes[line, 2 * column + 1], match)
    with replacing_file(path) as aside:
        figure.savefig(aside, dpi=80)


def _show_pair(left: Axes, right: Axes, match: Match) -> None:
    left.imshow(read_image(match.query))
    left.set_title(match.caption, fontsize=8)
    if match.answer is None:
        right.set_title('no answer', fontsize=8, color=WRONG)
        return
    colour = RIGHT if match.right else WRONG
    right.imshow(read_image(match.answer))
    right.set_title(f'{"right" if match.right else "wrong"}, {match.score:.2f}', fontsize=8,
                    color=colour)
    right.set_axis_on()
    right.set(xticks=[], yticks=[])
    for spine in right.spines.values():
        spine.set(color=colour, linewidth=3)
