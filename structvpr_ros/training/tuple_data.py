# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Mined tuples as a data set of torch: samples, changed, with their rows."""

from typing import Protocol, TypedDict

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset


class Batch(TypedDict):
    """
    B tuples of T images.

    :param samples: uint8 (B, T, H, W, 3) or (B, T, H, W), or what frozen blocks made of them.
    :param rows: int64 (B, T), rows of the training table: query, positive, negatives.
    """

    samples: Tensor
    rows: Tensor


class Versions(Protocol):
    """What gives the samples of a training table, each in many versions."""

    def draw(self, row: int, rng: np.random.Generator) -> NDArray:
        """Return some version of a sample."""


class TupleData(Dataset):
    """
    The tuples of one epoch; an item is one of them, and the default collation makes a ``Batch``.

    :param tuples: int64 (T, 2 + negatives), rows of the training table, as ``mine`` gives them.
    :param seed: numbers that name this training and epoch; an item's versions depend on them and
        on its index, whichever process prepares it.
    """

    def __init__(self, versions: Versions, tuples: NDArray[np.int64],
                 seed: tuple[int, ...]) -> None:
        self._versions = versions
        self._tuples = tuples
        self._seed = seed

    def __len__(self) -> int:
        return len(self._tuples)

    def __getitem__(self, index: int) -> dict[str, NDArray]:
        """Return one tuple: the fields of ``Batch`` without their first axis."""
        rows = self._tuples[index]
        rng = np.random.default_rng([*self._seed, index])
        samples = np.stack([self._versions.draw(int(row), rng) for row in rows])
        return {'samples': samples, 'rows': rows}
