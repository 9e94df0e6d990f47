# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Nordland in miniature: seasons, correspondence by name, the list of used frames."""

import logging
from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.layouts import LAYOUTS, read_dataset
from structvpr_ros.data.proximity import relate
from structvpr_ros.errors import DatasetError

TINY = Path(__file__).resolve().parents[4] / 'shared' / 'data' / 'nordland_tiny'
FRAMES = [f'images-{number:05}.png' for number in range(1, 31)]
SEASONS = ('spring', 'summer', 'fall', 'winter')


@pytest.fixture
def nordland(tmp_path: Path, write_images) -> Path:
    write_images(f'{season}/{name}' for season in SEASONS for name in FRAMES)
    (tmp_path / 'nordland_imageNames.txt').write_text('\n'.join(FRAMES[5:]) + '\n')
    return tmp_path


def test_summer_is_the_map_and_ten_frames_are_right(nordland):
    table = read_dataset(nordland)
    database, queries = table.select('test_map'), table.select('test_query')
    assert set(database.conditions) == {'summer'}
    assert list(dict.fromkeys(queries.conditions)) == ['winter', 'spring', 'fall']
    winter = queries.select(condition='winter')
    assert winter.images == tuple(f'winter/{name}' for name in FRAMES[5:])
    for frame, rows in enumerate(relate(winter, database, LAYOUTS['nordland'].rule).positives):
        assert rows.tolist() == list(range(max(0, frame - 10), min(25, frame + 11)))
    assert winter.places == database.places


def test_frames_that_are_not_listed_do_not_count_as_neighbours(nordland):
    kept = FRAMES[:3] + FRAMES[20:23]
    (nordland / 'nordland_imageNames.txt').write_text('\n'.join(
        name.removesuffix('.png') for name in kept))
    table = read_dataset(nordland).select('test_map')
    np.testing.assert_array_equal(table.positions[:, 0], 20.0 * np.arange(6))


def test_without_a_list_all_frames_are_used_and_that_is_told(nordland, caplog):
    (nordland / 'nordland_imageNames.txt').unlink()
    with caplog.at_level(logging.WARNING):
        assert len(read_dataset(nordland)) == 4 * 30
    assert 'tunnels and stops are in' in caplog.text


def test_two_seasons_are_enough_and_one_is_not(nordland):
    for season in ('spring', 'fall'):
        (nordland / season).rename(nordland / f'no_{season}')
    assert set(read_dataset(nordland).conditions) == {'summer', 'winter'}
    (nordland / 'winter').rename(nordland / 'no_winter')
    with pytest.raises(DatasetError, match='summer and another one of.*found summer.*Nordland'):
        read_dataset(nordland, 'nordland')


def test_a_frame_that_a_season_lacks_is_named(nordland):
    (nordland / 'fall' / FRAMES[7]).unlink()
    with pytest.raises(DatasetError, match='fall/images-00008.png: expected an image'):
        read_dataset(nordland)


@pytest.mark.parametrize('listed', [b'other.png', b'', b'\xff\xfe'])
def test_a_list_of_other_frames_is_refused(nordland, listed):
    (nordland / 'nordland_imageNames.txt').write_bytes(listed)
    with pytest.raises(DatasetError, match='expected frames of the list|expected names of frames'):
        read_dataset(nordland)


@pytest.mark.skipif(not TINY.is_dir(), reason='nordland_tiny is not beside the repository')
def test_the_tiny_journey_beside_the_repository() -> None:
    table = read_dataset(TINY)
    assert len(table.select('test_map')) == len(table.select('test_query')) == 1100
    assert table.select('test_map').places == table.select('test_query').places
