# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the evaluation is tested with."""

from pathlib import Path

import pytest


@pytest.fixture(scope='session')
def pair(tmp_path_factory) -> Path:
    """Give a folder with bundles ``seg`` and ``rgb`` of random weights for the town's images."""
    import torch

    from structvpr_ros.models.branch import Branch
    from structvpr_ros.models.bundle import save_bundle
    from structvpr_ros.models.card import ModelCard
    from structvpr_ros.segmentation.groups import GROUPS
    folder = tmp_path_factory.mktemp('pair')
    torch.manual_seed(1)
    for name, channels, more in (('rgb', 3, {}), ('seg', 6, {
            'groups': GROUPS, 'weights': (1.0,) * 6})):
        branch = Branch('mobilenet_v2', 'gem', channels)
        # The adapted first layer takes all groups alike until it is trained.
        torch.nn.init.normal_(next(branch.parameters()))
        for module in branch.modules():
            # Statistics as after training; with none, all images have one and the same descriptor.
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = None
        blocks = torch.nn.functional.one_hot(torch.randint(channels, (64, 4, 5)), channels)
        with torch.no_grad():
            branch.train()(blocks.float().permute(0, 3, 1, 2).repeat_interleave(
                8, 2).repeat_interleave(8, 3))
        save_bundle(folder / name, branch, ModelCard(
            branch=name, backbone='mobilenet_v2', aggregator='gem', channels=channels,
            input_size=(32, 40), descriptor_size=branch.descriptor_size, mean=(0.0,) * channels,
            std=(1.0,) * channels, **more))
    return folder
