# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The inputs of both branches against numpy."""

import numpy as np
import torch

from structvpr_ros.models.card import ModelCard
from structvpr_ros.models.inputs import create_input, NormalizedImages, WeightedOneHot
from structvpr_ros.segmentation.slme import weighted_one_hot

RNG = np.random.default_rng(0)


def test_normalized_images():
    images = RNG.integers(0, 256, (2, 5, 7, 3), dtype=np.uint8)
    mean, std = np.array([0.5, 0.4, 0.3]), np.array([0.2, 0.3, 0.4])
    expected = ((images / 255 - mean) / std).transpose(0, 3, 1, 2)
    found = NormalizedImages(mean.tolist(), std.tolist())(torch.from_numpy(images))
    assert found.shape == (2, 3, 5, 7) and found.dtype == torch.float32
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_weighted_one_hot_equals_the_encoding_of_one_map():
    groups = RNG.integers(0, 5, (3, 6, 4), dtype=np.uint8)
    weights = [1.0, 0.5, 0.1, 0.7]
    found = WeightedOneHot(weights)(torch.from_numpy(groups))
    expected = np.stack([weighted_one_hot(one, weights) for one in groups])
    np.testing.assert_array_equal(found, expected)


def test_inputs_add_nothing_to_the_weights():
    shared = {'backbone': 'mobilenet_v2', 'aggregator': 'gem', 'input_size': (32, 32),
              'descriptor_size': 8}
    rgb = ModelCard(branch='rgb', channels=3, mean=(0.5,) * 3, std=(0.5,) * 3, **shared)
    seg = ModelCard(branch='seg', channels=2, mean=(0.0,) * 2, std=(1.0,) * 2,
                    groups=('a', 'b'), weights=(1.0, 2.0), **shared)
    assert isinstance(create_input(rgb), NormalizedImages)
    assert isinstance(create_input(seg), WeightedOneHot)
    assert not create_input(rgb).state_dict() and not create_input(seg).state_dict()
