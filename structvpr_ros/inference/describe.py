# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Descriptors of many images by a network that is in training, or by a bundle of any branch."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import torch
from torch import nn
from tqdm import tqdm

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.inference.samples import open_samples, Samples
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard
from structvpr_ros.models.inputs import create_input

# On a CPU, what a layer gives for more of the usual images is larger than what malloc keeps to
# use again: the system would map and clear all of it anew, layer by layer, for as long as the
# arithmetic takes.
_CPU_BATCH, _BATCH = 4, 32


def describing_network(card: ModelCard, branch: Branch) -> nn.Sequential:
    """Return the input of a branch and the branch as one module: stored uint8 to descriptors."""
    network = nn.Sequential(create_input(card), branch)
    # On a CPU, depthwise convolutions are several times faster with channels last.
    return network.to(memory_format=torch.channels_last)


@torch.no_grad()
def describe(network: nn.Module, samples: Samples,
             rows: NDArray[np.int64], title: str = 'describing') -> NDArray[np.float32]:
    """
    Describe samples by a network in evaluation mode; the mode it was in comes back.

    :param network: takes uint8 batches of samples.
    :param rows: (n,) rows of the samples.
    :return: float32 (n, D).
    """
    was_training = network.training
    device = next(network.parameters()).device
    network.eval()
    described, size = [], _CPU_BATCH if device.type == 'cpu' else _BATCH
    for start in tqdm(range(0, len(rows), size), title, leave=False, unit='batch'):
        batch = torch.from_numpy(samples.stack(rows[start:start + size]))
        described.append(network(batch.to(device)).float().cpu().numpy())
    network.train(was_training)
    return np.concatenate(described)


def load_network(bundle: Path) -> nn.Sequential:
    """
    Load the network of a bundle of either branch with its input, on the GPU where there is one.

    :raises ModelError: as ``load_branch``.
    """
    network = describing_network(ModelCard.load(bundle), load_branch(bundle))
    return network.to('cuda' if torch.cuda.is_available() else 'cpu')


def describe_table(bundle: Path, table: PlaceTable, slme: Path) -> NDArray[np.float32]:
    """
    Describe all images of a table by a bundle of either branch, through torch.

    :param slme: folder of the SLME cache, used for the SEG branch only.
    :return: float32 (N, D), rows of unit length.
    :raises StructVPRError: as ``load_branch`` and ``open_samples``.
    """
    samples = open_samples(ModelCard.load(bundle), table, slme)
    return describe(load_network(bundle), samples, np.arange(len(table)))
