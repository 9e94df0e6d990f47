# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Miniature copies of public data sets: what all readers' tests write them with."""

from pathlib import Path
from typing import Callable, Iterable, Sequence

import cv2
import numpy as np
import pytest

WriteImages = Callable[[Iterable[str]], None]


@pytest.fixture
def write_images(tmp_path: Path) -> WriteImages:
    """Give a function that writes small pictures at paths below tmp_path."""
    def write(names: Iterable[str]) -> None:
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            assert cv2.imwrite(str(tmp_path / name), np.full((8, 8, 3), 99, np.uint8))
    return write


@pytest.fixture
def write_csv(tmp_path: Path):
    """Give a function that writes a CSV file as pandas does, with a first column of numbers."""
    def write(name: str, header: str, lines: Sequence[str]) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('\n'.join([',' + header, *(f'{number},{line}' for number, line in
                                                   enumerate(lines))]) + '\n')
        return path
    return write
