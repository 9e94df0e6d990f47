# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Segmentation networks: what ``segment`` asks of one, and which kinds a user may name."""

from pathlib import Path
from types import ModuleType
from typing import Any, Optional, Protocol

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError, SegmentationError
from structvpr_ros.segmentation.label_set import LabelSet

_TORCHVISION = 'torchvision:'
_TORCHSCRIPT = ('.pt', '.pth', '.ts', '.torchscript')


class SegmentationNetwork(Protocol):
    """
    A network that labels pixels.

    :param input_size: (height, width) that it was exported for, None if it takes any.
    """

    input_size: Optional[tuple[int, int]]

    def __call__(self, images: NDArray[np.float32]) -> NDArray[Any]:
        """
        Label one normalised image.

        :param images: (1, 3, H, W) float32.
        :return: logits (1, C, h, w), or class ids (1, h, w) or (1, 1, h, w).
        :raises SegmentationError: the network fails on it.
        """


def open_network(model: str, weights: Optional[Path],
                 label_set: LabelSet) -> SegmentationNetwork:
    """
    Open the network that a user named.

    :param model: ``torchvision:NAME``, or the path of an ONNX (.onnx) or TorchScript (.pt,
        .pth, .ts, .torchscript) file.
    :param weights: a state dict (.safetensors, .pth) for a torchvision network, else None.
    :raises SegmentationError: there is no such network, or its weights do not fit the classes.
    :raises ConfigurationError: it needs torch and torchvision, which are not installed.
    """
    if model.startswith(_TORCHVISION):
        if weights is None:
            raise SegmentationError(f'{model}: expected --weights, the state dict of a network '
                                    f'trained on the classes of {label_set.name!r}')
        name = model.removeprefix(_TORCHVISION)
        return _torch_segmenter(model).open_torchvision(name, weights, label_set)
    path = Path(model)
    if path.suffix != '.onnx' and path.suffix not in _TORCHSCRIPT:
        raise SegmentationError(
            f'expected a model torchvision:NAME, or a file .onnx (ONNX) or '
            f'{", ".join(_TORCHSCRIPT)} (TorchScript), found {model!r}')
    if weights is not None:
        raise SegmentationError(f'{model}: expected no --weights, the file holds its own; '
                                f'found {weights}')
    if not path.is_file():
        raise SegmentationError(f'{path}: expected a segmentation model, found no file')
    if path.suffix == '.onnx':
        from structvpr_ros.segmentation.onnx_segmenter import OnnxSegmenter
        return OnnxSegmenter(path)
    return _torch_segmenter(model).open_torchscript(path)


def _torch_segmenter(model: str) -> ModuleType:
    """Import torch's side only now: an ONNX model needs none of it."""
    try:
        from structvpr_ros.segmentation import torch_segmenter
    except ImportError as error:
        raise ConfigurationError(f'{model}: needs torch and torchvision: {error}') from error
    return torch_segmenter
