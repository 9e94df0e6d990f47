# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where the training of an aggregator starts: at the statistics of the training images."""

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from structvpr_ros.inference.samples import Samples
from structvpr_ros.models.aggregators.aggregator import FittedAggregator

IMAGES = 1000  # that the statistics are taken of; more hardly change them
_BATCH = 32


@torch.no_grad()
def start_aggregator(network: nn.Sequential, samples: Samples, count: int, seed: int) -> None:
    """
    Fit the aggregator of a network, if it is one that can be, to what its backbone gives.

    :param network: the input of a branch, and the branch.
    :param count: of the samples; of many, ``IMAGES`` drawn at random are looked at.
    :raises ModelError: they are too few.
    """
    sample_input, branch = network
    if not isinstance(branch.aggregator, FittedAggregator):
        return
    rows = np.random.default_rng(seed).permutation(count)[:IMAGES]
    branch.eval()
    maps = [branch.backbone(sample_input(torch.from_numpy(samples.stack(rows[i:i + _BATCH]))))
            for i in tqdm(range(0, len(rows), _BATCH), 'starting', leave=False, unit='batch')]
    branch.aggregator.fit_to([torch.cat(tap) for tap in zip(*maps)])
    branch.train()
