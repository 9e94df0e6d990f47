# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The stage render_town: the same bytes however it runs, resumable, its poses in places.csv."""

from dataclasses import replace
import math
from pathlib import Path
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from structvpr_ros.cli.command import EXIT_INTERRUPTED
from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image, read_label_map
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.data.town.dataset import DESCRIPTION, render_town, RenderOptions
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.poses import Jitter
from structvpr_ros.errors import ConfigurationError


def options(output: Path, **changes) -> RenderOptions:
    return RenderOptions(**{'output': output, 'size': (48, 64), 'train_places': 3,
                            'val_places': 1, 'test_places': 4, 'workers': 2,
                            'conditions': ('sunny', 'night'), **changes})


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob('*')) if path.is_file()}


@pytest.fixture(scope='module')
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small town; read-only, copy it to change it."""
    return render_town(options(tmp_path_factory.mktemp('town') / 'town'))


@pytest.fixture
def copy(town: Path, tmp_path: Path) -> Path:
    """Give a town to change."""
    return Path(shutil.copytree(town, tmp_path / 'copy'))


def test_it_is_a_place_dataset_with_labels(town: Path) -> None:
    table = read_place_dataset(town)
    counts = {(split, condition): len(table.select(split, condition))
              for split, condition in set(zip(table.splits, table.conditions))}
    assert counts == {
        ('train', 'sunny'): 3, ('train', 'night'): 3, ('val_map', 'sunny'): 1,
        ('val_query', 'sunny'): 1, ('val_query', 'night'): 1, ('test_map', 'sunny'): 4,
        ('test_query', 'sunny'): 4, ('test_query', 'night'): 4}
    assert len(list((town / 'images').rglob('*.jpg'))) == len(table) == 21
    for row in range(len(table)):
        assert read_image(table.image_path(row)).shape == (48, 64, 3)
        labels = read_label_map(table.label_path(row))
        assert labels.shape == (48, 64) and set(np.unique(labels)) <= set(Label)
        split, condition, street, name = Path(table.images[row]).with_suffix('').parts[1:]
        assert (split, condition) == (table.splits[row], table.conditions[row])
        assert f'{street}/{name}' == table.places[row]


def test_poses_are_near_places_and_frames_along_the_street(town: Path) -> None:
    maps = read_place_dataset(town).select('test_map')
    assert maps.places == tuple(sorted(maps.places))
    steps = np.diff(maps.positions, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    jitter = Jitter()
    assert (np.abs(lengths - 5) < 2 * (jitter.along + jitter.lateral) + 0.5).all()
    # The camera looks to where the next place is.
    ahead = np.arctan2(steps[:, 1], steps[:, 0])
    turn = (maps.headings[:-1] - ahead + math.pi) % (2 * math.pi) - math.pi
    assert np.abs(turn).max() < 0.4


def test_queries_have_positives_in_the_map_and_splits_are_apart(town: Path) -> None:
    table = read_place_dataset(town)
    relations = relate(table.select('test_query'), table.select('test_map'), Proximity())
    assert all(len(rows) for rows in relations.positives)
    groups = [table.select('train'), table.select('val_map'), table.select('test_map')]
    for row, one in enumerate(groups):
        for two in groups[row + 1:]:
            gaps = np.linalg.norm(one.positions[:, None] - two.positions[None], axis=2)
            assert gaps.min() > 100


def test_the_sunny_query_is_another_visit_than_the_map(town: Path) -> None:
    table = read_place_dataset(town)
    one, two = table.select('test_map'), table.select('test_query', 'sunny')
    assert one.places == two.places
    assert (one.positions != two.positions).all()
    assert (read_image(one.image_path(0)) != read_image(two.image_path(0))).mean() > 0.3


def test_one_worker_gives_the_same_bytes_as_two(town: Path, tmp_path: Path) -> None:
    one = render_town(options(tmp_path / 'one', workers=1))
    assert contents(one) == contents(town)


def test_what_is_missing_is_rendered_again_and_nothing_else(copy: Path, town: Path) -> None:
    lost = [*sorted(copy.glob('images/train/night/*/*'))[:1],
            *sorted(copy.glob('labels/test_map/sunny/*/*'))[-1:], copy / 'places.csv']
    for path in lost:
        path.unlink()
    before = {path: path.stat().st_mtime_ns for path in copy.rglob('*.jpg')}
    render_town(options(copy))
    assert contents(copy) == contents(town)
    changed = {path for path, stamp in before.items() if path.stat().st_mtime_ns != stamp}
    # A lost label map brings its image along.
    assert len(changed) == 1


@pytest.mark.parametrize('changes, part', [
    ({'seed': 7}, 'seed 7, found 0'), ({'train_places': 5}, 'train_places 5, found 3'),
    ({'size': (24, 32)}, r'size \[24, 32\], found \[48, 64\]'),
    ({'conditions': ('sunny',)}, r"conditions \['sunny'\]"),
    ({'jitter': Jitter(yaw=0.0)}, 'jitter'), ({'field_of_view': 1.0}, 'field_of_view 1.0')])
def test_a_town_of_other_options_is_refused(copy: Path, changes: dict, part: str) -> None:
    before = contents(copy)
    with pytest.raises(ConfigurationError, match=part):
        render_town(options(copy, **changes))
    assert contents(copy) == before


@pytest.mark.parametrize('text', [
    '', '[1, 2]', 'seed: [', 'version: 0', '!!python/name:os.system'])
def test_a_spoilt_description_is_refused(copy: Path, text: str) -> None:
    (copy / DESCRIPTION).write_text(text)
    with pytest.raises(ConfigurationError):
        render_town(options(copy))


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / 'thesis.txt').write_text('precious')
    for output in (tmp_path, tmp_path / 'thesis.txt'):
        with pytest.raises(ConfigurationError, match='found other files'):
            render_town(options(output))
    assert [path.name for path in tmp_path.iterdir()] == ['thesis.txt']


@pytest.mark.parametrize('changes', [
    {'train_places': 0}, {'val_places': -1}, {'test_places': 0}, {'workers': -1}, {'seed': -1},
    {'conditions': ()}, {'conditions': ('sunny', 'hail')}, {'conditions': ('sunny', 'sunny')}])
def test_impossible_options(tmp_path: Path, changes: dict) -> None:
    with pytest.raises(ConfigurationError):
        options(tmp_path, **changes)


def test_an_impossible_size_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match='16 x 16'):
        render_town(replace(options(tmp_path / 'town'), size=(8, 8)))
    assert not (tmp_path / 'town').exists()


@pytest.mark.parametrize('how, code', [
    (signal.SIGINT, EXIT_INTERRUPTED),
    pytest.param(signal.SIGKILL, -signal.SIGKILL, marks=pytest.mark.slow)])
def test_resume_after_an_end(town: Path, tmp_path: Path, how: signal.Signals, code: int) -> None:
    output = tmp_path / 'town'
    command = [sys.executable, '-m', 'structvpr_ros.cli.render_town', '--output', str(output),
               '--size', '[48, 64]', '--train_places', '3', '--val_places', '1',
               '--test_places', '4', '--conditions', '[sunny, night]', '--workers', '1']
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not list(output.rglob('[!.]*.png')) and time.monotonic() < deadline:
            time.sleep(0.002)
        process.send_signal(how)
    assert process.returncode == code
    assert not (output / 'places.csv').exists()
    whole, partial = contents(town), contents(output)
    finished = {name for name in partial if not Path(name).name.startswith('.')}
    assert 2 < len(finished) < len(whole)
    assert all(partial[name] == whole[name] for name in finished)
    render_town(options(output))
    resumed = contents(output)
    assert {name: resumed[name] for name in whole} == whole
