# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The engine beside the default one: PyTorch, for models that are not exported yet."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import torch
from torch import nn

from structvpr_ros.inference.engine import (check_descriptors, check_images, load_rgb_card,
                                            NotOnThisMachine)
from structvpr_ros.inference.engine_choice import EngineChoice, Provider
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard
from structvpr_ros.models.inputs import create_input


class TorchEngine:
    """Runs model.safetensors of a bundle; see ``engine.Engine``."""

    def __init__(self, bundle: Path, threads: int = 0, provider: Provider = 'cpu') -> None:
        """
        Load the network of a bundle.

        :param bundle: folder of an RGB model bundle.
        :param threads: for the whole process, as PyTorch has it; 0 leaves them as they are.
        :param provider: cpu or cuda.
        :raises ModelError: the bundle is bad.
        :raises NotOnThisMachine: there is no such GPU.
        """
        if provider == 'cuda' and not torch.cuda.is_available():
            raise NotOnThisMachine('provider cuda: expected a GPU that PyTorch can use, '
                                   'found none')
        self.card = load_rgb_card(Path(bundle))
        self.name = str(EngineChoice('torch', provider, 'float32'))
        self._device = provider
        self._network = load_image_network(bundle, self.card).to(provider)
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
            batch = torch.from_numpy(images.copy()).to(self._device)
            descriptors = self._network(batch).cpu().numpy()
        check_descriptors(descriptors, len(images), self.card)
        return descriptors


def load_image_network(bundle: Path, card: ModelCard) -> nn.Module:
    """
    Load the network of an RGB bundle together with its normalisation; what is exported.

    :return: maps uint8 (N, height, width, 3) to float32 (N, D), in evaluation mode.
    :raises ModelError: the bundle is bad.
    """
    return nn.Sequential(create_input(card), load_branch(bundle)).eval()
