# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""ITLP-Campus in miniature: two cameras, poses, masks, our own split along the campus."""

import math
from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.layouts import LAYOUTS, read_dataset
from structvpr_ros.data.proximity import relate
from structvpr_ros.errors import DatasetError

HEADER = 'timestamp,front_cam_ts,back_cam_ts,lidar_ts,tx,ty,tz,qx,qy,qz,qw'
TRACKS = ('00_2023-02-21', '01_2023-03-15')
FRAMES = 10


@pytest.fixture
def itlp(tmp_path: Path, write_images, write_csv) -> Path:
    """Write two tracks of 10 frames, 10 m apart to the north, both facing north."""
    for number, track in enumerate(TRACKS):
        stamps = [1_676_980_000_000_000_000 + 1000 * frame + number for frame in range(FRAMES)]
        for folder in ('front_cam', 'back_cam', 'masks/front_cam', 'masks/back_cam'):
            write_images(f'{track}/{folder}/{stamp + ("back" in folder)}.png' for stamp in stamps)
        write_csv(f'{track}/track.csv', HEADER, [
            f'{stamp},{stamp},{stamp + 1},{stamp},{number},{10.0 * frame},0.1,0,0,'
            f'{math.sqrt(0.5)},{math.sqrt(0.5)}' for frame, stamp in enumerate(stamps)])
    return tmp_path


def test_both_cameras_with_poses_and_masks(itlp):
    table = read_dataset(itlp)
    assert len(table) == 2 * FRAMES * 2
    assert table.images[0] == f'{TRACKS[0]}/front_cam/1676980000000000000.png'
    assert table.label_path(0) == (
        itlp / TRACKS[0] / 'masks/front_cam/1676980000000000000.png').resolve()
    assert table.label_path(0).is_file()
    np.testing.assert_allclose(table.positions[2], [0, 10])
    assert table.headings[:2].tolist() == pytest.approx([math.pi / 2, -math.pi / 2])
    assert set(table.conditions) == set(TRACKS)


def test_places_are_split_along_the_campus_and_the_first_track_is_the_map(itlp):
    table = read_dataset(itlp)
    reach = {split: table.select(split).positions[:, 1] for split in set(table.splits)}
    assert set(reach) == {'train', 'val_map', 'val_query', 'test_map', 'test_query'}
    assert reach['train'].max() < reach['val_map'].min() <= reach['val_map'].max()
    assert reach['val_query'].max() < reach['test_map'].min()
    for role, track in (('map', TRACKS[0]), ('query', TRACKS[1])):
        assert set(table.select(f'test_{role}').conditions) == {track}
    queries, database = table.select('test_query'), table.select('test_map')
    relations = relate(queries, database, LAYOUTS['itlp_campus'].rule)
    for query, rows in enumerate(relations.positives):
        side = queries.images[query].split('/')[1]
        assert len(rows) and all(side in database.images[row] for row in rows)


def test_a_single_track_and_one_without_masks(itlp):
    table = read_dataset(itlp / TRACKS[1])
    assert table.images[0].startswith('front_cam/') and table.labels[0].startswith('masks/front')
    (itlp / TRACKS[1] / table.labels[3]).unlink()
    assert read_dataset(itlp / TRACKS[1]).labels is None


def test_what_is_missing_is_told(itlp):
    path = itlp / TRACKS[0] / 'track.csv'
    path.write_text(path.read_text().replace('1676980000000000000,1676980000000000000', 'x,y', 1))
    with pytest.raises(DatasetError, match="expected a time in nanoseconds, found 'y'"):
        read_dataset(itlp)
    path.write_text('timestamp\n1\n')
    with pytest.raises(DatasetError, match='missing: front_cam_ts'):
        read_dataset(itlp)
    with pytest.raises(DatasetError, match='expected folders of tracks.*ITLP-Campus'):
        read_dataset(itlp / TRACKS[0] / 'front_cam', 'itlp_campus')
