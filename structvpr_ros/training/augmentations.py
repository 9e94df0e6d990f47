# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The augmentations that can be asked for by name."""

from dataclasses import dataclass
from typing import Callable, Literal, Mapping

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.inference.samples import Samples
from structvpr_ros.training.augmentation import Augmentation
from structvpr_ros.training.strong_augmentation import StrongAugmentation

# An RGB image (H, W, 3) or a group map (H, W), uint8, to a changed one of the same shape.
Augment = Callable[[NDArray[np.uint8], np.random.Generator], NDArray[np.uint8]]
AugmentName = Literal['none', 'mild', 'strong']


@dataclass(frozen=True)
class Unchanged:
    """No augmentation."""

    def __call__(self, sample: NDArray[np.uint8],
                 rng: np.random.Generator) -> NDArray[np.uint8]:
        """Return the sample itself."""
        return sample


AUGMENTS: Mapping[AugmentName, Augment] = {
    'none': Unchanged(), 'mild': Augmentation(), 'strong': StrongAugmentation()}


@dataclass(frozen=True)
class ChangedSamples:
    """Samples that are changed each time they are drawn."""

    samples: Samples
    augment: Augment

    def draw(self, row: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Return a changed version of a sample."""
        return self.augment(self.samples[row], rng)
