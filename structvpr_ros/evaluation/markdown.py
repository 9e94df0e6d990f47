# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Tables in Markdown that are as good to read as they stand."""

from typing import Sequence


def markdown_table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Lay out texts as a Markdown table with aligned columns."""
    cells = [[cell.replace('|', '\\|') for cell in line] for line in (header, *lines)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    cells.insert(1, ['-' * width for width in widths])
    return '\n'.join('| ' + ' | '.join(cell.ljust(width) for cell, width in zip(line, widths))
                     + ' |' for line in cells)
