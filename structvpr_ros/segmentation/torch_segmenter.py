# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Segmentation networks run by torch: torchvision's with own weights, and TorchScript files."""

from pathlib import Path
from typing import Any
import warnings

import numpy as np
from numpy.typing import NDArray
from safetensors.torch import load_file
import torch
from torch import nn, Tensor
import torchvision

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.label_set import LabelSet


class TorchSegmenter:
    """
    A torch module float32 (1, 3, H, W) -> logits or class ids, on the GPU where there is one.

    :param source: what messages call it.
    :param module: returns a tensor; or a dict with it as ``out``, as torchvision's do; or a
        tuple with it in front.
    """

    input_size = None

    def __init__(self, source: str, module: nn.Module) -> None:
        self._source = source
        self._device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
        self._module = module.eval().to(self._device)

    def __call__(self, images: NDArray[np.float32]) -> NDArray[Any]:
        """Label one normalised image, see ``SegmentationNetwork``."""
        try:
            with torch.inference_mode():
                output = self._module(torch.from_numpy(images).to(self._device))
        except RuntimeError as error:
            raise SegmentationError(f'{self._source}: torch fails on an input of '
                                    f'{images.shape}: {_line(error, -1)}') from error
        if isinstance(output, dict):
            output = output.get('out')
        elif isinstance(output, (tuple, list)) and output:
            output = output[0]
        if not isinstance(output, Tensor):
            raise SegmentationError(f'{self._source}: expected a tensor, or a dict with one as '
                                    f'out, found {type(output).__name__}')
        return output.cpu().numpy()


def open_torchscript(path: Path) -> TorchSegmenter:
    """
    Open a TorchScript file.

    :raises SegmentationError: torch cannot load it.
    """
    try:
        with warnings.catch_warnings():
            # torch advises exporters to move on from TorchScript; it still loads such files.
            warnings.simplefilter('ignore', FutureWarning)
            module = torch.jit.load(str(path), map_location='cpu')
    except (RuntimeError, ValueError) as error:
        raise SegmentationError(f'{path}: torch cannot load it as TorchScript: '
                                f'{_line(error, 0)}') from error
    return TorchSegmenter(str(path), module)


def open_torchvision(name: str, weights: Path, label_set: LabelSet) -> TorchSegmenter:
    """
    Build a torchvision segmentation network with a user's weights.

    :param name: as torchvision calls it, such as ``deeplabv3_mobilenet_v3_large``.
    :param weights: a state dict in a .safetensors file, or saved by ``torch.save`` alone, not
        inside a training checkpoint.
    :raises SegmentationError: no such network; or the weights cannot be read, or are of
        another network or another number of classes.
    """
    known = torchvision.models.list_models(torchvision.models.segmentation)
    if name not in known:
        raise SegmentationError(f'expected a torchvision segmentation model among '
                                f'{", ".join(known)}, found {name!r}')
    state = _read_state(weights)
    auxiliary = any(key.startswith('aux_classifier.') for key in state)
    counts = label_set.channel_counts()
    for count in counts:
        try:
            module = torchvision.models.get_model(
                name, weights=None, weights_backbone=None, num_classes=count,
                **({'aux_loss': True} if auxiliary else {}))
            module.load_state_dict(state)
            return TorchSegmenter(f'torchvision:{name}', module)
        except (RuntimeError, NotImplementedError) as error:
            reason = _line(error, -1)
    raise SegmentationError(
        f'{weights}: expected the weights of {name} with {" or ".join(map(str, counts))} classes '
        f'(label set {label_set.name!r}): {reason}')


def _read_state(path: Path) -> dict[str, Tensor]:
    if not path.is_file():
        raise SegmentationError(f'{path}: expected weights, found no file')
    try:
        if path.suffix == '.safetensors':
            return load_file(path)
        state = torch.load(path, map_location='cpu', weights_only=True)
    except Exception as error:  # torch.load lets through whatever its reader meets in the file.
        # Its own message is left out: it advises to load the file unsafely.
        raise SegmentationError(f'{path}: expected a state dict, saved alone as .safetensors or '
                                'by torch.save, found a file that neither reads') from error
    if not isinstance(state, dict) or not all(isinstance(v, Tensor) for v in state.values()):
        raise SegmentationError(f'{path}: expected a state dict saved alone, found a '
                                f'{type(state).__name__} that holds more than tensors')
    return state


def _line(error: Exception, number: int) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[number].strip()
