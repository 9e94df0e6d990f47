# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A data set that can be trained on in seconds, and bundles that were."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.segmentation.groups import GROUPS
from structvpr_ros.training.stage_one import train, TrainOptions

SIZE = (32, 40)
PLACES, TRAINED, CONDITIONS = 12, 8, 3


@pytest.fixture(scope='session')
def town(tmp_path_factory) -> Path:
    """
    Give a data set of 12 places 50 m apart under 3 lights, encoded in its ``slme`` folder.

    8 places are split train; of the others condition c0 is val_map, the rest val_query.
    """
    root = tmp_path_factory.mktemp('data') / 'town'
    random, rows = np.random.default_rng(5), []
    for place in range(PLACES):
        groups = cv2.resize(random.integers(1, 7, (4, 5), np.uint8), SIZE[::-1],
                            interpolation=cv2.INTER_NEAREST)
        colours = random.integers(0, 256, (7, 3))
        for light in range(CONDITIONS):
            image = colours[groups] * (1 - 0.3 * light) + random.normal(0, 10, (*SIZE, 3))
            name = f'{place:02}_{light}.png'
            write_image(root / 'images' / name, np.clip(image, 0, 255).astype(np.uint8))
            write_image(root / 'slme' / 'groups' / name, groups)
            split = 'train' if place < TRAINED else 'val_map' if light == 0 else 'val_query'
            rows.append((f'images/{name}', f'p{place}', (50.0 * place, 0.0), f'c{light}', split))
    names, places, positions, conditions, splits = zip(*rows)
    write_place_dataset(PlaceTable(root, names, places, np.array(positions),
                                   np.zeros(len(rows)), conditions, splits))
    SlmeCache(root / 'slme', 'made up', '0', GROUPS, SIZE).write_description()
    return root


@pytest.fixture(scope='session')
def brief() -> dict:
    """Give options under which a training takes a second."""
    return {'epochs': 2, 'tuples': 8, 'batch': 4, 'accelerator': 'cpu', 'devices': 1}


@pytest.fixture(scope='session')
def trained(town, brief, tmp_path_factory) -> Path:
    """Give the folder with the bundles ``seg`` and ``rgb`` of stage one."""
    output = tmp_path_factory.mktemp('trained')
    train(TrainOptions(dataset=town, output=output, input_size=SIZE, weights='none',
                       backbone='mobilenet_v2', **brief))
    return output
