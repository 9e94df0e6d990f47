# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Batches from disk: in order, complete, and with an error that names the file."""

from functools import partial
import threading

import numpy as np
import pytest

from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.errors import ImageError
from structvpr_ros.inference.image_batches import image_batches


@pytest.fixture(scope='module')
def loads(tmp_path_factory):
    folder = tmp_path_factory.mktemp('images')
    for number in range(11):
        write_image(folder / f'{number}.png', np.full((10 + number, 20, 3), number, np.uint8))
    return [partial(read_image, folder / f'{number}.png') for number in range(11)]


@pytest.mark.parametrize('batch_size', [1, 2, 3, 4, 11, 50])
@pytest.mark.parametrize('count', [0, 1, 10, 11])
def test_all_images_in_order(loads, batch_size, count):
    batches = list(image_batches(loads[:count], (6, 8), batch_size))
    assert [len(batch) for batch in batches[:-1]] == [batch_size] * (len(batches) - 1)
    assert all(batch.shape[1:] == (6, 8, 3) and batch.dtype == np.uint8 for batch in batches)
    values = [int(image[0, 0, 0]) for batch in batches for image in batch]
    assert values == list(range(count))


def test_a_bad_file_is_told_when_its_turn_comes(loads, tmp_path):
    batches = image_batches([*loads[:4], partial(read_image, tmp_path / 'gone.png')], (6, 8), 2)
    assert len(next(batches)) == 2 and len(next(batches)) == 2
    with pytest.raises(ImageError, match='gone.png'):
        next(batches)


def test_stopping_early_leaves_no_thread(loads):
    before = threading.active_count()
    batches = image_batches(loads, (6, 8), 1)
    next(batches)
    batches.close()
    assert threading.active_count() == before
