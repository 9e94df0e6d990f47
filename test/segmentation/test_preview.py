# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The preview sheet: rows from all conditions, and group colours where they belong."""

from hypothesis import given, strategies as st
import numpy as np

from structvpr_ros.segmentation.groups import COLOURS, GROUPS
from structvpr_ros.segmentation.preview import palette, preview_sheet, spread_rows


@given(st.lists(st.sampled_from('abcd'), min_size=1, max_size=40), st.integers(1, 10))
def test_rows_are_spread_over_the_conditions(conditions: list[str], count: int) -> None:
    rows = spread_rows(conditions, min(count, len(conditions)))
    assert rows == sorted(set(rows)) and len(rows) == min(count, len(conditions))
    taken = {c: sum(conditions[row] == c for row in rows) for c in set(conditions)}
    for one in taken:
        for other in taken:
            # None has two more than another that still had rows to give.
            assert taken[one] <= taken[other] + 1 or taken[other] == conditions.count(other)


def test_rows_are_spread_within_a_condition() -> None:
    assert spread_rows(['day'] * 100, 4) == [12, 37, 62, 87]


def test_colours() -> None:
    np.testing.assert_array_equal(palette(GROUPS), COLOURS)
    for count in (1, 19, 150, 254):
        colours = palette([f'class {number}' for number in range(count)])
        assert len({tuple(colour) for colour in colours}) == count + 1
        assert not colours[0].any()


def test_sheet() -> None:
    images = [np.full((30, 40, 3), 200, np.uint8), np.full((60, 80, 3), 10, np.uint8),
              np.full((30, 40, 3), 90, np.uint8)]
    groups = [np.full((12, 16), index, np.uint8) for index in (1, 5, 0)]
    sheet = preview_sheet(images, groups, GROUPS, ['sunny a.jpg', 'night b.jpg', 'c.jpg'])
    # 12 x 16 becomes tiles of 180 x 240; two pairs in a line, strips of 22 above all.
    assert sheet.shape == (22 + 2 * (22 + 180), 4 * 240, 3) and sheet.dtype == np.uint8
    middle, next_line = 22 + 22 + 90, 22 + 202 + 22 + 90
    assert (sheet[middle, 120] == 200).all() and (sheet[middle, 600] == 10).all()
    assert tuple(sheet[middle, 360]) == COLOURS[1] and tuple(sheet[middle, 840]) == COLOURS[5]
    assert (sheet[next_line, 120] == 90).all() and tuple(sheet[next_line, 360]) == COLOURS[0]
    # The legend shows every colour.
    assert {tuple(pixel) for pixel in sheet[11]} >= set(COLOURS)


def test_a_long_legend_takes_more_lines() -> None:
    names = [f'class {number}' for number in range(19)]
    groups = [np.full((12, 16), 18, np.uint8)]
    sheet = preview_sheet([np.zeros((30, 40, 3), np.uint8)], groups, names, ['a.jpg'])
    assert sheet.shape == (3 * 22 + 22 + 180, 4 * 240, 3)
    shown = {tuple(pixel) for row in (11, 33, 55) for pixel in sheet[row]}
    assert shown >= {tuple(colour) for colour in palette(names)}
    assert tuple(sheet[3 * 22 + 22 + 90, 360]) == tuple(palette(names)[18])
