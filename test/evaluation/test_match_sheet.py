# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The picture sheet shows every pair, framed by right and wrong."""

from pathlib import Path

import cv2
from matplotlib.colors import to_rgb
import numpy as np
import pytest

from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.errors import ImageError
from structvpr_ros.evaluation.match_sheet import Match, RIGHT, write_match_sheet, WRONG


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    write_image(tmp_path / 'picture.png', np.full((24, 32, 3), (20, 60, 200), np.uint8))
    return tmp_path / 'picture.png'


def count(sheet: Path, colour: str) -> int:
    wanted = np.array(to_rgb(colour)) * 255
    return int((np.abs(read_image(sheet) - wanted).max(axis=2) < 8).sum())


def test_frames_tell_right_from_wrong(tmp_path: Path, picture: Path) -> None:
    right, wrong = tmp_path / 'right.png', tmp_path / 'wrong.png'
    write_match_sheet(right, [Match(picture, picture, True, 0.9, 'night')])
    write_match_sheet(wrong, [Match(picture, picture, False, 0.9, 'night')])
    assert count(right, RIGHT) > 100 > count(right, WRONG)
    assert count(wrong, WRONG) > 100 > count(wrong, RIGHT)


def test_every_pair_is_on_the_sheet(tmp_path: Path, picture: Path) -> None:
    matches = [Match(picture, picture, True, 0.5, 'fog')] * 5 + [
        Match(picture, None, False, 0.0, 'fog')]
    write_match_sheet(tmp_path / 'sheet.png', matches, columns=2)
    blue = cv2.inRange(read_image(tmp_path / 'sheet.png'), (10, 50, 190), (30, 70, 210))
    assert cv2.connectedComponents(blue)[0] - 1 == 11


def test_missing_picture_is_named_and_leaves_no_sheet(tmp_path: Path, picture: Path) -> None:
    with pytest.raises(ImageError, match='gone'):
        write_match_sheet(
            tmp_path / 'sheet.png', [Match(tmp_path / 'gone.png', picture, True, 0, '')])
    assert not (tmp_path / 'sheet.png').exists()
