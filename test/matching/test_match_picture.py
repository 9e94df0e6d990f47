# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The picture of an answer: one size whatever goes in, both images in it, the verdict's colour."""

import cv2
from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.matching.match_picture import draw_match, shorten
from structvpr_ros.matching.recognition import Candidate, Recognition
from structvpr_ros.place_map.frame import Frame

SIZE = (260, 600, 3)
RED, BLUE = (200, 0, 0), (0, 0, 200)


def recognition(localized=True, place='place_7', score=0.875) -> Recognition:
    frame = Frame(0, place, 'a.png', None, None, None, None, '')
    return Recognition(0.0, (Candidate(place, score, frame),), localized, {})


def plain(colour, size=(480, 640)) -> np.ndarray:
    return np.full((*size, 3), colour, np.uint8)


def share(picture, colour) -> float:
    return float((picture == colour).all(-1).mean())


def test_query_on_the_left_match_on_the_right():
    picture = draw_match(plain(RED), plain(BLUE), recognition())
    assert picture.shape == SIZE and picture.dtype == np.uint8
    left, right = picture[:, :300], picture[:, 300:]
    assert share(left, RED) > 0.7 and share(right, BLUE) > 0.7
    assert share(left, BLUE) == share(right, RED) == 0


@pytest.mark.parametrize('size', [(1, 1), (1, 4000), (4000, 1), (2160, 3840), (7, 5)])
def test_any_size_gives_the_same_size(size):
    picture = draw_match(plain(RED, size), plain(BLUE, size[::-1]), recognition())
    assert picture.shape == SIZE
    assert share(picture, RED) > 0 and share(picture, BLUE) > 0


def test_a_map_without_pictures():
    picture = draw_match(plain(RED), None, recognition())
    assert picture.shape == SIZE
    assert share(picture[:, :300], RED) > 0.7 and share(picture[:, 300:], RED) == 0


def test_verdict_and_score_can_be_seen():
    pictures = [draw_match(plain(RED), plain(BLUE), told) for told in (
        recognition(), recognition(localized=False), recognition(score=0.5),
        recognition(place='place_8'))]
    for number, picture in enumerate(pictures):
        assert all((picture != other).any() for other in pictures[:number])


@given(st.text(max_size=60), st.integers(0, 300))
def test_a_shortened_text_fits_and_keeps_its_ends(text, width):
    short = shorten(text, width)
    assert cv2.getTextSize(short, cv2.FONT_HERSHEY_SIMPLEX, 0.55, 1)[0][0] <= max(width, 0) \
        or short == ''
    if short and short != text:
        head, _, tail = short.partition('...')
        assert text.startswith(head) and (text.endswith(tail) or '...' in text)


def test_a_text_that_fits_is_left_alone():
    assert shorten('test/river-road/007', 288) == 'test/river-road/007'
    assert shorten('x' * 10_000, 100).startswith('xxx')
    assert shorten('', 100) == ''
