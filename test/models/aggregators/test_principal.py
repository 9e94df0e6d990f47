# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Principal components against numpy's covariance."""

import numpy as np
import pytest
import torch

from structvpr_ros.models.aggregators.principal import PrincipalChannels, Whitening


def _vectors(count, size):
    generator = torch.Generator().manual_seed(0)
    mixing = torch.randn(size, size, generator=generator)
    return torch.randn(count, size, generator=generator) @ mixing + 3


@pytest.mark.parametrize('count', [400, 30])  # more vectors than dimensions, and fewer
def test_whitened_vectors_are_centred_uncorrelated_and_of_equal_variance(count):
    vectors, whitening = _vectors(count, 40), Whitening(40, 12)
    whitening.fit_to(vectors)
    outputs = whitening(vectors).detach().numpy().astype(float)
    np.testing.assert_allclose(outputs.mean(0), 0, atol=1e-4)
    covariance = outputs.T @ outputs / count
    np.testing.assert_allclose(covariance - np.diag(np.diag(covariance)), 0, atol=1e-3)
    # A little below one, for what is added against noise.
    assert (0.9 < np.diag(covariance)).all() and (np.diag(covariance) <= 1.001).all()


def test_outputs_beyond_the_rank_start_at_zero():
    whitening = Whitening(40, 20)
    whitening.fit_to(_vectors(8, 40))
    assert torch.count_nonzero(whitening.weight[8:]) == 0
    assert torch.isfinite(whitening.weight).all()


def test_principal_channels_keep_what_numpy_says_they_can():
    features = _vectors(600, 10).T.reshape(1, 10, 20, 30)
    reduce = PrincipalChannels(10, 4)
    reduce.fit_to(features)
    kept = reduce(features).detach().flatten(2)[0].numpy()
    variances = np.linalg.eigvalsh(np.cov(features.flatten(2)[0].numpy(), bias=True))[::-1]
    np.testing.assert_allclose(kept.var(axis=1), variances[:4], rtol=1e-3)
    np.testing.assert_allclose(kept.mean(axis=1), 0, atol=1e-3)


def test_channels_that_do_not_vary_start_at_zero():
    features = torch.randn(2, 3, 4, 5).repeat(1, 3, 1, 1)
    reduce = PrincipalChannels(9, 5)
    reduce.fit_to(features)
    assert torch.count_nonzero(reduce.weight[3:]) == 0
