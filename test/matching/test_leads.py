# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How far ahead of its rivals elsewhere each place is, against a slow look at all pairs."""

import math

from hypothesis import given, strategies as st
import pytest

from structvpr_ros.matching.leads import leads
from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.place_map.frame import Frame


def candidate(row: int, score: float, x: float | None, y: float = 0.0) -> Candidate:
    place = f'p{row}'
    return Candidate(place, score, Frame(row, place, '', x, None if x is None else y, None, None,
                                         ''))


@given(st.lists(st.tuples(st.floats(-1, 1), st.integers(0, 60), st.integers(0, 60)), min_size=2,
                max_size=12))
def test_against_all_pairs(places: list[tuple[float, int, int]]) -> None:
    places.sort(reverse=True)
    expected = []
    for score, x, y in places:
        elsewhere = [other for other, *point in places if math.dist((x, y), point) > 10]
        expected.append(score - (max(elsewhere) if elsewhere else places[-1][0]))
    found = leads([candidate(row, score, float(x), float(y))
                   for row, (score, x, y) in enumerate(places)])
    assert found.tolist() == pytest.approx(expected)


def test_without_positions_any_other_place_is_elsewhere() -> None:
    found = leads([candidate(row, score, None) for row, score in enumerate((0.9, 0.7, 0.4))])
    assert found.tolist() == pytest.approx([0.2, -0.2, -0.5])


def test_a_place_without_rivals_is_ahead_of_none() -> None:
    assert leads([candidate(0, 0.9, 1.0)]).tolist() == [0]
