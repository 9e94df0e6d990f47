# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The share of the layout: where it starts, what moves it, and what it may not become."""

import torch

from structvpr_ros.models.aggregators.layout_share import LayoutShare, LEAST, START

MOST = 0.7


def _features(seed=0, count=40, channels=6):
    generator = torch.Generator().manual_seed(seed)
    return 5 + 3 * torch.randn(count, channels, 4, 5, generator=generator)


def _fitted(features):
    share = LayoutShare(features.shape[1], MOST)
    share.fit_to(features)
    return share


def test_it_starts_the_same_for_all_images():
    features = _features()
    torch.testing.assert_close(_fitted(features)(features), torch.full((40, 1), START))


def test_it_is_the_logistic_function_of_standardized_means():
    features = _features()
    share = _fitted(features)
    torch.nn.init.normal_(share.logit.weight, generator=torch.Generator().manual_seed(1))
    means = features.double().mean((2, 3)).numpy()
    standard = (means - means.mean(0)) / means.std(0)
    logits = 10 * (standard @ share.logit.weight[0].double().detach().numpy()
                   + share.logit.bias.item())
    expected = LEAST + (MOST - LEAST) / (1 + torch.exp(-torch.from_numpy(logits)))
    torch.testing.assert_close(share(features)[:, 0].double(), expected, rtol=1e-4, atol=1e-5)


def test_neither_part_is_ever_silent_nor_its_gradient_without_bound():
    features = _features()
    share = _fitted(features)
    with torch.no_grad():
        share.logit.weight.fill_(1e3)
    shares = share(features)
    assert shares.min() >= LEAST and shares.max() <= MOST + 1e-6
    (shares.sqrt().sum() + (1 - shares).sqrt().sum()).backward()
    assert torch.isfinite(share.logit.weight.grad).all()


def test_it_learns_which_images_want_their_layout():
    rooms, roads = _features(1), _features(2)
    roads[:, 0] += 8  # something that roads have more of
    share = _fitted(torch.cat([rooms, roads]))
    optimizer = torch.optim.AdamW(share.parameters(), 1e-2)
    for _ in range(40):
        optimizer.zero_grad()
        (share(rooms).mean() - share(roads).mean()).backward()
        optimizer.step()
    assert share(rooms).max() < START < share(roads).min()


def test_a_channel_that_never_varies_says_nothing():
    features = _features()
    features[:, 2] = 7
    share = _fitted(features)
    with torch.no_grad():
        share.logit.weight.fill_(0.1)
    changed = features.clone()
    changed[:, 2] = -300
    torch.testing.assert_close(share(changed), share(features))
