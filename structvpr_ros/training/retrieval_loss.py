# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The losses of retrieval: positives near, negatives far."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pytorch_metric_learning.losses import MultiSimilarityLoss, TripletMarginLoss
from torch import nn, Tensor

from structvpr_ros.data.proximity import Relations
from structvpr_ros.training.triplets import batch_pairs, batch_triplets

LossName = Literal['triplet', 'multi_similarity']


class TripletLoss(nn.Module):
    """
    The triplet loss over all triplets that a batch holds.

    :param margin: in Euclidean distance of unit vectors.
    """

    def __init__(self, margin: float) -> None:
        super().__init__()
        self._loss = TripletMarginLoss(margin=margin)

    def forward(self, descriptors: Tensor, rows: NDArray[np.int64],
                relations: Relations) -> Tensor:
        """Return the mean over the triplets that are not yet apart."""
        return self._loss(descriptors, indices_tuple=batch_triplets(rows, relations))


class AllPairsLoss(nn.Module):
    """
    The multi-similarity loss over all pairs of a batch.

    Wang et al., Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning, CVPR
    2019, with the weights of its authors for unit vectors.
    """

    def __init__(self) -> None:
        super().__init__()
        self._loss = MultiSimilarityLoss(alpha=1, beta=50, base=0.5)

    def forward(self, descriptors: Tensor, rows: NDArray[np.int64],
                relations: Relations) -> Tensor:
        """Return the mean over the images of a batch."""
        return self._loss(descriptors, indices_tuple=batch_pairs(rows, relations))


def create_loss(name: LossName, margin: float) -> nn.Module:
    """Return the loss of a name."""
    return TripletLoss(margin) if name == 'triplet' else AllPairsLoss()
