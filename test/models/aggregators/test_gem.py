# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""GeM against numpy."""

import numpy as np
import pytest
import torch

from structvpr_ros.models.aggregators.gem import GeM


@pytest.mark.parametrize('power', [1.0, 3.0, 4.5])
def test_gem_by_its_formula(power):
    features = torch.rand(2, 3, 4, 5)
    expected = (features.numpy().astype(float) ** power).mean((2, 3)) ** (1 / power)
    np.testing.assert_allclose(GeM(power)(features).detach(), expected, rtol=1e-4)


def test_gem_of_negative_features_is_finite_and_so_is_its_gradient():
    pool, features = GeM(), -torch.rand(1, 2, 3, 3)
    features.requires_grad_()
    pool(features).sum().backward()
    assert torch.isfinite(pool.power.grad).all() and torch.isfinite(features.grad).all()
