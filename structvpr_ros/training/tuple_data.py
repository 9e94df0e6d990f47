# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Mined tuples as a data set of torch: samples, augmented, with their rows and weight."""

from typing import Optional, TypedDict

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from structvpr_ros.inference.samples import Samples
from structvpr_ros.training.augmentation import Augmentation
from structvpr_ros.training.mining import Tuples


class Batch(TypedDict):
    """
    B tuples of T images.

    :param samples: uint8 (B, T, H, W, 3) or (B, T, H, W).
    :param rows: int64 (B, T), rows of the training table: query, positive, negatives.
    :param pairs: int64 (B,), the row of (query, positive) in ``Relations.pairs()``.
    """

    samples: Tensor
    rows: Tensor
    pairs: Tensor


class TupleData(Dataset):
    """
    The tuples of one epoch; an item is one of them, and the default collation makes a ``Batch``.

    :param augmentation: None leaves the samples as they are.
    :param seed: numbers that name this training and epoch; an item's changes depend on them and
        on its index, whichever process prepares it.
    """

    def __init__(self, samples: Samples, tuples: Tuples, augmentation: Optional[Augmentation],
                 seed: tuple[int, ...]) -> None:
        self._samples = samples
        self._tuples = tuples
        self._augmentation = augmentation
        self._seed = seed

    def __len__(self) -> int:
        return len(self._tuples.rows)

    def __getitem__(self, index: int) -> dict[str, NDArray]:
        """Return one tuple: the fields of ``Batch`` without their first axis."""
        rows = self._tuples.rows[index]
        samples = self._samples.stack(rows)
        if self._augmentation:
            rng = np.random.default_rng([*self._seed, index])
            samples = np.stack([self._augmentation(sample, rng) for sample in samples])
        return {'samples': samples, 'rows': rows, 'pairs': self._tuples.pairs[index]}
