# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The page: complete, self-contained, and no name can break out of it."""

from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
import re

import cv2
from matplotlib.colors import to_rgb
import numpy as np
import pytest

from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.evaluation.bootstrap import Bootstrap
from structvpr_ros.evaluation.knowledge import Knowledge
from structvpr_ros.evaluation.match_sheet import RIGHT, WRONG
from structvpr_ros.evaluation.report.figures import error_figure
from structvpr_ros.evaluation.report.page import write_page
from structvpr_ros.evaluation.results import Evaluation, judge_system
from structvpr_ros.evaluation.systems import System
from structvpr_ros.evaluation.trial import Trial

EVIL = '<script>alert(1)</script>"&$x_{1'
SIZE = 12
BRIEF = Bootstrap(resamples=10)


class Page(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.source = path.read_text(encoding='utf-8')
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ('meta', 'img'):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)

    def pictures(self, kind: str) -> list[bytes]:
        head = f'data:{kind};base64,'
        return [b64decode(attributes['src'].removeprefix(head)) for tag, attributes in self.tags
                if tag == 'img' and attributes['src'].startswith(head)]


def make_table(root: Path, conditions: tuple[str, ...], placed: bool = True) -> PlaceTable:
    for row in range(SIZE):
        write_image(root / f'images/{row}.png', np.full((240, 320, 3), 20 * row, np.uint8))
    return PlaceTable(
        root, tuple(f'images/{row}.png' for row in range(SIZE)), tuple(map(str, range(SIZE))),
        np.array([[30.0 * row, 5.0] for row in range(SIZE)]) if placed else None,
        np.full(SIZE, np.nan), conditions, ('',) * SIZE)


def make_evaluation(root: Path, name: str = 'net', condition: str = 'night', placed: bool = True,
                    knowledge: tuple[Knowledge, ...] = ()) -> Evaluation:
    """Evaluate a system that takes every third query for its neighbour."""
    queries = make_table(root / 'queries', ('day', condition) * (SIZE // 2), placed)
    database = make_table(root / 'database', ('',) * SIZE, placed)
    trial = Trial.open(queries, database, Proximity())
    known = np.eye(SIZE, dtype=np.float32)
    sought = np.array([known[(row + (row % 3 == 0)) % SIZE] * (1 - row / 99) + known[row] / 9
                       for row in range(SIZE)], np.float32)

    def search(queries: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
        rows = np.argsort(-queries @ known.T, axis=1, kind='stable')[:, :depth]
        return np.take_along_axis(queries @ known.T, rows, 1), rows

    system = System(name, 'rgb', sought, known, search)
    return Evaluation(trial, (judge_system(system, trial, BRIEF),), knowledge, BRIEF)


@pytest.fixture(scope='module')
def plain(tmp_path_factory) -> Page:
    """Give the page of the system as it is; drawing one takes a second."""
    return write(tmp_path_factory.mktemp('plain'))


def write(tmp_path: Path, **options) -> Page:
    write_page(tmp_path / 'report.html', make_evaluation(tmp_path, **options))
    return Page(tmp_path / 'report.html')


def test_all_parts_are_there(tmp_path: Path) -> None:
    shares = dict.fromkeys(('d1', 'd2', 'd3', 'd4', 's1', 's2', 'r1', 'r2'), 0.25)
    page = write(tmp_path, knowledge=(Knowledge('seg', 'net', 12, 10, shares),))
    assert page.texts['h1'] == ['Evaluation on queries']
    assert page.texts['h2'] == [
        'Scores', 'Retrieval', 'Recall over the number of answers', 'Precision over recall',
        'Who knows the pairs', 'Where it goes wrong', 'Answers']
    assert [text for text in page.texts['td'] if text in ('day', 'night', 'all')] == [
        'day', 'night', 'all']
    assert '66.7 ' in page.texts['span']  # two queries of three are right
    assert page.texts['td'].count('25.0') == 8
    plots = page.pictures('image/svg+xml')
    assert len(plots) == 3 and all(plot.startswith(b'<?xml') for plot in plots)


def test_without_teacher_or_positions_their_parts_are_left_out(tmp_path: Path) -> None:
    page = write(tmp_path, placed=False)
    assert 'Who knows the pairs' not in page.texts['h2']
    assert 'Where it goes wrong' not in page.texts['h2']
    assert any('same place ID' in text for text in page.texts['p'])


def test_gallery_shows_right_and_wrong_from_the_most_certain_on(plain: Page) -> None:
    page = plain
    frames = [attributes['class'] for tag, attributes in page.tags
              if 'match ' in attributes.get('class', '')]
    assert frames == ['match wrong'] * 4 + ['match right'] * 8
    captions = page.texts['figcaption']
    scores = [float(text.partition(', ')[2]) for text in captions if re.match('wrong, ', text)]
    assert len(scores) == 4 and scores == sorted(scores, reverse=True)
    assert captions.count('would be right, answer 2') == 4
    thumbnails = page.pictures('image/jpeg')
    assert len(thumbnails) == 4 * 3 + 8 * 2
    first = cv2.imdecode(np.frombuffer(thumbnails[0], np.uint8), cv2.IMREAD_COLOR)
    assert first.shape == (108, 144, 3)


def test_map_of_errors_has_a_dot_for_right_and_for_wrong(plain: Page) -> None:
    plot, = plain.pictures('image/png')
    image = cv2.imdecode(np.frombuffer(plot, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    for colour in (RIGHT, WRONG):
        assert (np.abs(image - np.array(to_rgb(colour)) * 255).max(axis=2) < 8).sum() > 50


def test_cities_far_apart_have_maps_of_their_own(tmp_path: Path) -> None:
    evaluation = make_evaluation(tmp_path)
    near = error_figure(evaluation)
    for table in (evaluation.trial.queries, evaluation.trial.database):
        table.positions[SIZE // 2:] += 1e7
    far = error_figure(evaluation)
    assert [len(figure.axes) for figure in (near, far)] == [1, 2]
    assert all(np.ptp(axes.dataLim.intervalx) < 1000 for axes in far.axes)


def test_the_page_needs_nothing_but_itself(plain: Page) -> None:
    page = plain
    assert not re.search(r'https?:|//', re.sub(r'base64,[A-Za-z0-9+/=]+', '', page.source))
    assert {tag for tag, _ in page.tags} <= {
        'html', 'head', 'meta', 'title', 'style', 'body', 'section', 'div', 'h1', 'h2', 'h3', 'h4',
        'p', 'span', 'small', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'img', 'figure',
        'figcaption'}
    for tag, attributes in page.tags:
        assert attributes.get('src', 'data:image/').startswith('data:image/')
        assert set(attributes) <= {'src', 'alt', 'title', 'class', 'lang', 'charset', 'name',
                                   'content', 'http-equiv'}, tag
    policy, = (attributes['content'] for _, attributes in page.tags
               if 'http-equiv' in attributes)
    assert policy.startswith("default-src 'none'")


def test_names_are_text_and_nothing_else(tmp_path: Path) -> None:
    page = write(tmp_path, name=EVIL, condition=EVIL)
    assert not [tag for tag, _ in page.tags if tag == 'script']
    assert EVIL in page.texts['h3'] and EVIL in page.texts['td']
    assert f'query {EVIL}' in page.texts['figcaption']
    for plot in page.pictures('image/svg+xml'):
        assert b'<script' not in plot


def test_a_picture_that_is_gone_is_named(tmp_path: Path) -> None:
    evaluation = make_evaluation(tmp_path)
    (tmp_path / 'database' / 'images' / '4.png').unlink()
    write_page(tmp_path / 'report.html', evaluation)
    page = Page(tmp_path / 'report.html')
    assert 'images/4.png' in page.texts['div']


def test_the_same_numbers_give_the_same_page(tmp_path: Path) -> None:
    evaluation = make_evaluation(tmp_path)
    for name in ('a.html', 'b.html'):
        write_page(tmp_path / name, evaluation)
    assert (tmp_path / 'a.html').read_bytes() == (tmp_path / 'b.html').read_bytes()


@pytest.mark.filterwarnings('ignore:Glyph')
def test_a_name_need_not_be_unicode(tmp_path: Path) -> None:
    assert write(tmp_path, name='\ud800 地図').texts['h3'] == [r'\ud800 地図']
