# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The page on a map: whole, self-contained, and no name can break out of it."""

from html.parser import HTMLParser
import subprocess
import sys

import cv2
import numpy as np
import pytest

from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.evaluation.calibrate import calibrate_map, CalibrateOptions
from structvpr_ros.evaluation.map_report import MapReportOptions, report_map
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.writer import write_map

EVIL = '<script>alert(1)</script>"&$x_{1'


class Page(HTMLParser):
    """The tags, headings and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.headings, self.text = [], [], ''
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data) -> None:
        self.text += data
        if self.tags and self.tags[-1][0] == 'h2' and data.strip():
            self.headings.append(data)

    def sources(self) -> list[str]:
        return [attributes['src'] for tag, attributes in self.tags if tag == 'img']


@pytest.fixture
def write(tmp_path):
    """Give a function that writes a map of two drives past 30 spots, 30 m apart."""
    def make(positions=True, pictures=True, spots=30, condition=EVIL):
        random = np.random.default_rng(0)
        looks = random.normal(size=(spots, 16))
        # The last spot is the first one's double.
        looks[-1] = looks[0]
        entries = [PosedImage('town', f'{drive}/{spot}', f'{EVIL} {spot}',
                              *((30.0 * spot, 0.0) if positions else (None, None)), 0.0, None,
                              drive) for drive in ('day', condition) for spot in range(spots)]
        descriptors = np.concatenate([looks, looks + 0.1 * random.normal(size=looks.shape)])
        descriptors = descriptors.astype(np.float32)
        jpeg = cv2.imencode('.jpg', np.zeros((8, 8, 3), np.uint8))[1].tobytes()
        return write_map(tmp_path / 'map', MapContent(
            entries, descriptors / np.linalg.norm(descriptors, axis=1, keepdims=True), 'f' * 64,
            'map', thumbnails=[jpeg] * len(entries) if pictures else None))
    return make


def report(folder, tmp_path, **changes) -> Page:
    path = report_map(MapReportOptions(folder, tmp_path / 'deep' / 'map.html', **changes))
    assert [file.name for file in path.parent.iterdir()] == ['map.html']
    return Page(path.read_text(encoding='utf-8'))


def test_all_of_it(write, tmp_path):
    folder = write()
    calibrate_map(CalibrateOptions(folder, precision=0.5))
    page = report(folder, tmp_path)
    assert page.headings == ['Coverage', 'Aliasing', 'Calibration', 'Places that look alike']
    assert all(source.startswith('data:image/') for source in page.sources())
    assert len(page.sources()) == 3 + 2 * 12
    # What is most alike is told first.
    assert f'{EVIL} 29' in page.text.partition('Places that look alike')[2].partition('870 m')[0]
    assert 'script' not in {tag for tag, _ in page.tags}
    assert 'are most like an image from elsewhere' in page.text
    assert f'{EVIL}30100' in page.text, 'both conditions saw all of it'


def test_without_positions_pictures_and_calibration(write, tmp_path):
    page = report(write(positions=False, pictures=False), tmp_path)
    assert page.headings == ['Coverage', 'Aliasing', 'Places that look alike']
    assert 'Images of one ID show the same place' in page.text
    assert len(page.sources()) == 1
    assert sum(attributes.get('class') == 'missing' for _, attributes in page.tags) == 24


def test_some_of_a_map(write, tmp_path):
    page = report(write(), tmp_path, queries=7)
    assert '7 of them, evenly from all, are looked at below' in page.text


def test_a_map_with_nothing_elsewhere(write, tmp_path):
    page = report(write(spots=1), tmp_path)
    assert page.headings == ['Coverage', 'Aliasing']


def test_mistakes(write, tmp_path):
    folder = write(spots=2)
    with pytest.raises(ConfigurationError, match='expected a file for output, found a folder'):
        report_map(MapReportOptions(folder, tmp_path))
    with pytest.raises(ConfigurationError, match='at least 1 of queries'):
        MapReportOptions(folder, tmp_path, queries=0)
    with pytest.raises(MapError, match='expected a place map'):
        report_map(MapReportOptions(tmp_path / 'nowhere', tmp_path / 'map.html'))
    assert not (tmp_path / 'map.html').exists()


def test_other_subcommands_do_without_matplotlib():
    subprocess.run([sys.executable, '-c',
                    'import sys, structvpr_ros.cli.map; assert "matplotlib" not in sys.modules'],
                   check=True)
