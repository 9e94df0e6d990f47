# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Tuples as a data set: what a batch holds, and that workers change nothing."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from structvpr_ros.inference.samples import Samples
from structvpr_ros.training.augmentation import Augmentation
from structvpr_ros.training.augmentations import AUGMENTS, ChangedSamples
from structvpr_ros.training.tuple_data import TupleData

ARRAYS = np.random.default_rng(0).integers(0, 256, (9, 16, 20, 3), dtype=np.uint8)
TUPLES = np.array([[0, 1, 2, 3], [4, 5, 6, 7], [8, 0, 1, 2]])


def _batches(augmentation=AUGMENTS['none'], seed=(0, 0), workers=0):
    samples = ChangedSamples(Samples(ARRAYS.__getitem__, 9), augmentation)
    data = TupleData(samples, TUPLES, seed)
    return list(DataLoader(data, 2, num_workers=workers))


def test_a_batch():
    first, second = _batches()
    assert first['samples'].shape == (2, 4, 16, 20, 3)
    assert first['samples'].dtype == torch.uint8
    assert first['rows'].tolist() == TUPLES[:2].tolist()
    np.testing.assert_array_equal(second['samples'][0], ARRAYS[[8, 0, 1, 2]])


@pytest.mark.parametrize('workers', [0, 2])
def test_changes_depend_on_the_seed_alone(workers):
    plain, same = _batches(Augmentation(), (1, 2)), _batches(Augmentation(), (1, 2), workers)
    other = _batches(Augmentation(), (1, 3), workers)
    assert all(torch.equal(a['samples'], b['samples']) for a, b in zip(plain, same))
    assert not torch.equal(plain[0]['samples'], other[0]['samples'])
