# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""VLAD against a loop over positions and centres."""

import numpy as np
import torch

from structvpr_ros.models.aggregators.vlad import Vlad


def _oracle(vlad, features):
    weight, bias = vlad.reduce.weight.detach().numpy()[:, :, 0, 0], vlad.reduce.bias.detach()
    centres = vlad.centres.detach().numpy()
    rows = np.zeros_like(centres)
    mean, variance = features.mean(axis=(1, 2)), features.var(axis=(1, 2))
    features = (features - mean[:, None, None]) / np.sqrt(variance + 0.01)[:, None, None]
    for position in features.reshape(features.shape[0], -1).T:
        local = weight @ position + bias.numpy()
        local = local / np.linalg.norm(local)
        scores = vlad.assign.weight.detach().numpy()[:, :, 0, 0] @ local
        scores = np.exp(scores + vlad.assign.bias.detach().numpy())
        for centre, share in enumerate(scores / scores.sum()):
            rows[centre] += share * (local - centres[centre])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.reshape(-1) / np.linalg.norm(rows)


def test_vlad_by_its_formula():
    torch.manual_seed(0)
    vlad, features = Vlad(12, 5, 7), torch.randn(2, 12, 3, 4)
    expected = [_oracle(vlad, image.numpy()) for image in features]
    np.testing.assert_allclose(vlad(features).detach(), expected, atol=1e-5)


def test_what_is_added_to_a_whole_image_does_not_matter():
    torch.manual_seed(1)
    vlad, features = Vlad(12, 5, 7), 10 * torch.randn(2, 12, 6, 8)
    changed = 3 * features + torch.randn(2, 12, 1, 1)
    torch.testing.assert_close(vlad(features), vlad(changed), atol=1e-3, rtol=0)


def test_the_order_of_positions_does_not_matter():
    vlad, features = Vlad(12, 5, 7), torch.randn(1, 12, 3, 4)
    shuffled = features.flatten(2)[:, :, torch.randperm(12)].unflatten(2, (3, 4))
    torch.testing.assert_close(vlad(features), vlad(shuffled))


def test_it_starts_with_one_centre_per_kind_of_feature():
    torch.manual_seed(0)
    kinds = torch.eye(16)[:6]
    features = kinds[torch.arange(600) % 6] + 0.01 * torch.randn(600, 16)
    vlad = Vlad(16, 8, 6)
    vlad.fit_to(features.T.reshape(1, 16, 20, 30))
    whole = torch.nn.functional.instance_norm(features.T.reshape(1, 16, 20, 30), eps=0.01)
    local = torch.nn.functional.normalize(vlad.reduce(whole))
    shares = vlad.assign(local).softmax(dim=1).flatten(2)[0]
    assert shares.max(dim=0).values.mean() > 0.9
    assert shares.argmax(dim=0).unique().numel() == 6
