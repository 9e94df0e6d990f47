# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""All pairs and triplets that a batch holds, by the relations of its images, not by labels."""

import numpy as np
from numpy.typing import NDArray
import torch
from torch import Tensor

from structvpr_ros.data.proximity import Relations


def batch_triplets(rows: NDArray[np.int64],
                   relations: Relations) -> tuple[Tensor, Tensor, Tensor]:
    """
    Return every (anchor, positive, negative) among the images of a batch.

    Positives by distance are no equivalence (a near b, b near c, a far from c), so labels, which
    pytorch-metric-learning would form triplets by, cannot express them.

    :param rows: (M,) rows of the table that ``relations`` relates with itself. An image that
        stands in the batch twice is neither positive nor negative to itself.
    :return: three int64 (T,) of positions in the batch, an ``indices_tuple`` of
        pytorch-metric-learning.
    """
    positive, negative = _masks(rows, relations)
    anchors, positives, negatives = np.nonzero(positive[:, :, None] & negative[:, None, :])
    return torch.from_numpy(anchors), torch.from_numpy(positives), torch.from_numpy(negatives)


def batch_pairs(rows: NDArray[np.int64],
                relations: Relations) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """
    Return every (anchor, positive) and every (anchor, negative) among the images of a batch.

    :param rows: as for ``batch_triplets``.
    :return: two int64 (P,) and two (N,), likewise an ``indices_tuple``.
    """
    positive, negative = (np.nonzero(mask) for mask in _masks(rows, relations))
    return (*map(torch.from_numpy, positive), *map(torch.from_numpy, negative))


def _masks(rows: NDArray[np.int64],
           relations: Relations) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    positive = np.stack([np.isin(rows, relations.positives[row]) for row in rows])
    negative = np.stack([~np.isin(rows, relations.excluded[row]) for row in rows])
    return positive, negative
