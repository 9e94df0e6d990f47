# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The engine beside the default one: PyTorch on the CPU, for models that are not exported yet."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import torch
from torch import nn, Tensor

from structvpr_ros.inference.engine import check_descriptors, check_images, load_rgb_card
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard


class ImageNetwork(nn.Module):
    """
    A branch with all that comes between a resized image and it; what is exported.

    :param branch: the RGB branch.
    :param card: its card, which gives the normalisation.
    """

    def __init__(self, branch: Branch, card: ModelCard) -> None:
        super().__init__()
        self.branch = branch
        mean = torch.tensor(card.mean).view(1, 3, 1, 1)
        std = torch.tensor(card.std).view(1, 3, 1, 1)
        # (image / 255 - mean) / std in one multiplication and one addition.
        self.register_buffer('scale', 1 / (255 * std))
        self.register_buffer('shift', -mean / std)

    def forward(self, images: Tensor) -> Tensor:
        """Map uint8 (N, height, width, 3) to float (N, D), each row of unit length."""
        return self.branch(images.permute(0, 3, 1, 2).float() * self.scale + self.shift)


class TorchEngine:
    """Runs model.safetensors of a bundle; see ``engine.Engine``."""

    def __init__(self, bundle: Path, threads: int = 0) -> None:
        """
        Load the network of a bundle.

        :param bundle: folder of an RGB model bundle.
        :param threads: for the whole process, as PyTorch has it; 0 leaves them as they are.
        :raises ModelError: the bundle is bad.
        """
        self.card = load_rgb_card(Path(bundle))
        self._network = ImageNetwork(load_branch(bundle), self.card).eval()
        if threads:
            torch.set_num_threads(threads)

    @property
    def descriptor_size(self) -> int:
        """Return D, the length of a descriptor."""
        return self.card.descriptor_size

    def describe(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Describe uint8 (N, height, width, 3) as float32 (N, D); see ``engine.Engine``."""
        check_images(images, self.card)
        with torch.inference_mode():
            # A copy, since an image from a message may be read-only, which PyTorch warns of.
            descriptors = self._network(torch.from_numpy(images.copy())).numpy()
        check_descriptors(descriptors, len(images), self.card)
        return descriptors
