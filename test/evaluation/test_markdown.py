# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Tables in Markdown."""

from structvpr_ros.evaluation.markdown import markdown_table


def test_columns_are_aligned_and_bars_escaped() -> None:
    assert markdown_table(('a', 'bc'), [('long one', '1'), ('x|y', '')]).splitlines() == [
        '| a        | bc |', '| -------- | -- |', '| long one | 1  |', '| x\\|y     |    |']
