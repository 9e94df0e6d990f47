# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The live answers: read back, compared with the Localizer, scored."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.demo.answers import (check_against_localizer, LiveAnswer, read_answers,
                                        right_answers)
from structvpr_ros.demo.failure import DemoError
from structvpr_ros.matching.recognition import Candidate, Recognition
from structvpr_ros.place_map.frame import Frame


def make_table(root: str, positions: list[float], places: list[str]) -> PlaceTable:
    count = len(positions)
    return PlaceTable(
        Path(root), tuple(f'images/{row}.png' for row in range(count)), tuple(places),
        np.array([[x, 0.0] for x in positions]), np.full(count, np.nan), ('night',) * count,
        ('',) * count)


def test_answers_are_read_back(tmp_path: Path) -> None:
    (tmp_path / 'answers.csv').write_text(
        'image,stamp,latency_s,place_1,score_1,place_2,score_2\n'
        'images/a.png,1.0,0.020,here,0.9,there,0.25\n'
        'images/b.png,,,,,,\n'
        'images/c.png,3.0,0.5,,,,\n')
    assert read_answers(tmp_path / 'answers.csv') == [
        LiveAnswer('images/a.png', 0.02, (('here', 0.9), ('there', 0.25))),
        LiveAnswer('images/c.png', 0.5, ())]


def test_right_is_a_place_with_a_positive_frame() -> None:
    database = make_table('map', [0, 4, 500], ['a', 'b', 'c'])
    queries = make_table('queries', [1, 500, 501, 2], ['w', 'x', 'y', 'z'])
    answers = [LiveAnswer('images/0.png', 0.1, (('b', 0.9), ('c', 0.8))),
               LiveAnswer('images/1.png', 0.1, (('a', 0.9), ('c', 0.8))),
               LiveAnswer('images/3.png', 0.1, ())]
    assert right_answers(answers, queries, database, Proximity()) == {
        'images/0.png': True, 'images/1.png': False, 'images/2.png': None,
        'images/3.png': False}


class _KnownAnswer:
    """Answers every image alike: the comparison is under test here, not the Localizer."""

    def recognize(self, image: np.ndarray, stamp: float) -> Recognition:
        frame = Frame(0, 'here', 'images/a.png', None, None, None, None, '')
        return Recognition(stamp, (Candidate('here', 0.5, frame),), True, {})


@pytest.mark.parametrize('places', [
    (), (('there', 0.5),), (('here', 0.501),), (('here', 0.5), ('there', 0.4))])
def test_a_live_node_that_disagrees_is_found_out(tmp_path: Path, places: tuple) -> None:
    write_image(tmp_path / 'images' / 'a.png', np.zeros((4, 4, 3), np.uint8))
    answer = LiveAnswer('images/a.png', 0.1, (('here', 0.50000001),))
    check_against_localizer([answer], tmp_path, _KnownAnswer())
    with pytest.raises(DemoError, match='images/a.png: the Localizer says'):
        check_against_localizer([replace(answer, places=places)], tmp_path, _KnownAnswer())
