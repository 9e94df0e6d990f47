# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a branch reads: kept or not, it is the same, and what does not fit is refused."""

from dataclasses import replace
import shutil

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image, read_label_map
from structvpr_ros.data.resize import resize
from structvpr_ros.errors import ModelError, SegmentationError
from structvpr_ros.inference.samples import open_samples, Samples
from structvpr_ros.models.card import ModelCard
from structvpr_ros.segmentation.groups import GROUPS

RGB = ModelCard(branch='rgb', backbone='', aggregator='', channels=3, input_size=(20, 30),
                descriptor_size=1, mean=(0.5,) * 3, std=(0.5,) * 3)
SEG = replace(RGB, branch='seg', channels=6, groups=GROUPS, weights=(1.0,) * 6)


def test_kept_in_memory_or_read_each_time_it_is_the_same():
    arrays = np.random.default_rng(0).integers(0, 256, (5, 4, 6, 3), dtype=np.uint8)
    asked = []

    def read(row):
        asked.append(row)
        return arrays[row]

    kept, fresh = Samples(read, 5), Samples(read, 5, limit=5 * 72 - 1)
    asked.clear()
    np.testing.assert_array_equal(kept.stack([4, 0, 4]), arrays[[4, 0, 4]])
    assert not asked
    np.testing.assert_array_equal(fresh.stack([4, 0, 4]), arrays[[4, 0, 4]])
    assert asked == [4, 0, 4]


def test_images_are_resized_as_on_the_robot(town):
    table = read_place_dataset(town)
    samples = open_samples(RGB, table, town / 'slme')
    np.testing.assert_array_equal(
        samples[7], resize(read_image(table.image_path(7)), (20, 30)))


def test_group_maps_are_resized_by_nearest_neighbour(town):
    table = read_place_dataset(town)
    sample = open_samples(SEG, table, town / 'slme')[7]
    whole = read_label_map(town / 'slme' / 'groups' / '02_1.png')
    assert sample.shape == (20, 30) and sample.dtype == np.uint8
    rows = ((np.arange(20) + 0.5) * whole.shape[0] / 20).astype(int)
    columns = ((np.arange(30) + 0.5) * whole.shape[1] / 30).astype(int)
    assert (sample == whole[np.ix_(rows, columns)]).mean() > 0.95  # ties may fall either way
    assert set(np.unique(sample)) <= set(np.unique(whole))


def test_a_cache_of_other_groups_is_refused(town):
    card = replace(SEG, groups=('structure', 'sky'), channels=2, weights=(1.0, 1.0))
    with pytest.raises(ModelError, match='expected the groups structure, sky of the model'):
        open_samples(card, read_place_dataset(town), town / 'slme')


def test_a_cache_that_lacks_an_image_is_refused_before_any_work(town, tmp_path):
    shutil.copytree(town / 'slme', tmp_path / 'slme')
    (tmp_path / 'slme' / 'groups' / '05_2.png').unlink()
    with pytest.raises(SegmentationError, match='05_2'):
        open_samples(SEG, read_place_dataset(town), tmp_path / 'slme')
