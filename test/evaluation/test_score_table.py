# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Scores per condition, and their table."""

from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.score_table import format_scores, score


def make_table(positions: list[float], conditions: list[str], root: str) -> PlaceTable:
    count = len(positions)
    return PlaceTable(
        Path(root), tuple(f'images/{row}.jpg' for row in range(count)),
        tuple(map(str, range(count))), np.array([[x, 0.0] for x in positions]),
        np.full(count, np.nan), tuple(conditions), ('',) * count)


MAP = make_table([0, 100, 200], [''] * 3, 'map')


def test_each_condition_and_all() -> None:
    queries = make_table([0, 100, 0, 900], ['day', 'day', 'night', 'night'], 'queries')
    scores = score('net', np.eye(3, dtype=np.float32)[[0, 1, 2, 0]], np.eye(3, dtype=np.float32),
                   queries, MAP, Proximity())
    assert [(row.condition, row.queries, row.recall[1]) for row in scores] == [
        ('day', 2, 1.0), ('night', 1, 0.0), ('all', 3, pytest.approx(2 / 3))]
    assert scores[1].recall[5] == 1.0


def test_queries_of_no_named_condition_are_all() -> None:
    scores = score('net', np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32),
                   make_table([0, 100, 200], [''] * 3, 'queries'), MAP, Proximity())
    assert [(row.condition, row.queries) for row in scores] == [('all', 3)]


def test_nothing_to_measure_is_an_error() -> None:
    queries = make_table([900, 901], ['day', 'night'], 'queries')
    with pytest.raises(DatasetError, match='none of'):
        score('net', np.eye(2, 3, dtype=np.float32), np.eye(3, dtype=np.float32), queries, MAP,
              Proximity())


def test_table_has_a_line_per_condition_and_a_column_per_model() -> None:
    queries = make_table([0, 100, 200], ['day', 'night', 'night'], 'queries')
    right, wrong = np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32)[[1, 2, 0]]
    scores = [row for name, descriptors in (('teacher', right), ('none', wrong))
              for row in score(name, descriptors, right, queries, MAP, Proximity())]
    lines = format_scores(scores).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert [line.split('|')[1].strip() for line in lines[2:]] == ['day', 'night', 'all']
    assert [cell.strip() for cell in lines[4].split('|')[2:5]] == [
        '3', '100.0 / 100.0 / 100.0', '0.0 / 100.0 / 100.0']
