# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The Lightning module of stage two: the triplet loss and the weighted distillation."""

import numpy as np
from numpy.typing import NDArray
import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.models.branch import Branch
from structvpr_ros.training.options import FitOptions
from structvpr_ros.training.training_data import TrainingData
from structvpr_ros.training.triplet_training import TripletTraining
from structvpr_ros.training.tuple_data import Batch


def distillation_loss(student: Tensor, teacher: Tensor, weights: Tensor) -> Tensor:
    """
    Return the mean over samples of weight * squared distance of the descriptors.

    :param student: (S, D), rows of unit length.
    :param teacher: (S, D), rows of unit length.
    :param weights: (S,), see ``PairPartition.row_weights``; a sample of weight 0 counts in the
        mean, so that a batch with few distilled samples is not louder than one with many.
    :return: a scalar, 0..4 for weights of mean 1.
    """
    return (weights * (student - teacher).square().sum(dim=1)).mean()


class Distillation(TripletTraining):
    """
    Train the student by triplets, and towards the teacher's descriptors.

    Both are compared by how they deviate from their means, the teacher's whitened. Were they
    compared as they are, the teacher's descriptor of another image would do nearly as well: what
    all have in common is most of them, and drawing towards that is all it would be.

    A sample of the distillation loss is the query of a tuple, under the weight of its pair (ours:
    the poster speaks of samples). Its positive is not: what the teacher knows of that image is
    said by a pair of its own. The teacher sees each image unaugmented, and once: it is frozen.

    :param teacher: (N, D) float32, the deviations of the teacher's descriptors of the training
        rows, in the student's axes; rows of unit length.
    :param origin: (D,) float32, what the student's descriptors deviate from.
    :param weights: (N,), the weight of each training row as a query.
    :param strength: lambda, the factor of the distillation loss.
    """

    def __init__(self, network: nn.Module, branch: Branch, data: TrainingData,
                 options: FitOptions, teacher: NDArray[np.float32], origin: NDArray[np.float32],
                 weights: NDArray[np.float64], strength: float) -> None:
        # Teacher and student are compared as they will run.
        super().__init__(network, branch, data, options, settled=True)
        self.register_buffer('_teacher', torch.from_numpy(teacher), persistent=False)
        self.register_buffer('_origin', torch.from_numpy(origin), persistent=False)
        self.register_buffer('_weights', torch.from_numpy(weights).float(), persistent=False)
        self._strength = strength

    def losses(self, batch: Batch, descriptors: Tensor) -> dict[str, Tensor]:
        """Add the distillation of the queries to the triplet loss."""
        queries = batch['rows'][:, 0]
        student = functional.normalize(
            descriptors.unflatten(0, batch['rows'].shape)[:, 0] - self._origin)
        loss = distillation_loss(student, self._teacher[queries], self._weights[queries])
        return {**super().losses(batch, descriptors), 'distillation': self._strength * loss}
