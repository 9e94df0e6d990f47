# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A small place data set with label maps, for the tests of the segmentation room."""

from pathlib import Path
from typing import Callable

import cv2
import numpy as np
import pytest

CONDITIONS = ('sunny', 'night')


@pytest.fixture
def make_dataset(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes N images of 48 x 64, and CamVid label maps beside them."""
    def make(count: int = 5, with_labels: bool = True) -> Path:
        root = tmp_path / 'town'
        generator = np.random.default_rng(7)
        lines = ['image,place,condition']
        for row in range(count):
            name = f'{CONDITIONS[row % 2]}/{row:04}'
            coarse = generator.integers(0, 12, (6, 8), np.uint8)
            labels = np.kron(coarse, np.ones((8, 8), np.uint8))
            write(root / 'images' / f'{name}.jpg', np.dstack([labels * 20] * 3))
            if with_labels:
                write(root / 'labels' / f'{name}.png', labels)
            lines.append(f'{name}.jpg,{row},{CONDITIONS[row % 2]}')
        (root / 'places.csv').write_text('\n'.join(lines) + '\n')
        return root

    return make


def write(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels)
