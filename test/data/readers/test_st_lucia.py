# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""St Lucia in miniature: drives with a video's frames and a line of GPS for each."""

from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.data.layouts import LAYOUTS, read_dataset
from structvpr_ros.data.proximity import relate
from structvpr_ros.errors import DatasetError

DRIVES = ('100909_0845', '210809_1210')
STEP = 2.0  # metres to the south between frames
DEGREE = 111_194.93  # metres


@pytest.fixture
def st_lucia(tmp_path: Path, write_images) -> Path:
    """Write two drives of 30 frames; the track of the first goes on behind its video."""
    for drive, lines in zip(DRIVES, (35, 30)):
        write_images(f'{drive}/frames/{frame:05}.jpg' for frame in range(30))
        (tmp_path / drive / 'fGPS.txt').write_text(''.join(
            f'{27.5 + frame * STEP / DEGREE:.8f},153.0\n' for frame in range(lines)))
    return tmp_path


def test_frames_five_metres_apart(st_lucia):
    table = read_dataset(st_lucia)
    drive = table.select('test_map')
    assert drive.images == tuple(
        f'{DRIVES[0]}/frames/{frame:05}.jpg' for frame in range(0, 30, 3))
    np.testing.assert_allclose(
        drive.positions, [[0, -frame * STEP] for frame in range(0, 30, 3)], atol=0.01)
    assert set(table.select('test_query').conditions) == {DRIVES[1]}
    positives = relate(table.select('test_query'), drive, LAYOUTS['st_lucia'].rule).positives
    assert positives[0].tolist() == [0, 1, 2, 3, 4] and positives[9].tolist() == [5, 6, 7, 8, 9]


def test_frames_that_are_not_unpacked(st_lucia):
    (st_lucia / DRIVES[1] / 'frames').rename(st_lucia / 'no_frames')
    with pytest.raises(DatasetError, match='ffmpeg -i webcam_video.avi.*St Lucia'):
        read_dataset(st_lucia)


@pytest.mark.parametrize('text', ['', '1,2,3\n', 'x,y\n', '1,nan\n', '1,2\n3\n'])
@pytest.mark.filterwarnings('ignore:loadtxt')
def test_a_track_that_is_none(st_lucia, text):
    (st_lucia / DRIVES[0] / 'fGPS.txt').write_text(text)
    with pytest.raises(DatasetError, match='fGPS.txt: expected lines of latitude, longitude'):
        read_dataset(st_lucia)


def test_no_drive(tmp_path):
    with pytest.raises(DatasetError, match='expected folders of drives.*openfabmap'):
        read_dataset(tmp_path, 'st_lucia')
