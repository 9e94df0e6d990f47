# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Published weights: read without trusting them, and fitted to a network name by name."""

import io
from pathlib import Path
from typing import Mapping

import torch
from torch import nn, Tensor

from structvpr_ros.errors import ModelError
from structvpr_ros.models.fitting import check_fit


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """
    Read a .pth file of named tensors; nothing else in it is loaded.

    :raises ModelError: the file is missing or something else.
    """
    try:
        stored = io.BytesIO(Path(path).read_bytes())
    except OSError as error:
        raise ModelError(f'{path}: cannot read it: {error.strerror}') from error
    try:
        tensors = torch.load(stored, map_location='cpu', weights_only=True)
    # Beside what it promises, its unpickler raises whatever a damaged file leads it to.
    except Exception as error:
        raise ModelError(f'{path}: expected tensors saved by PyTorch, found something else, or '
                         'a damaged file') from error
    if not isinstance(tensors, dict) or not all(
            isinstance(value, Tensor) for value in tensors.values()):
        raise ModelError(f'{path}: expected tensors by name, found {type(tensors).__name__}')
    return tensors


def fill(network: nn.Module, tensors: Mapping[str, Tensor], path: Path, what: str) -> None:
    """
    Load weights into a network and make it ready for inference.

    :param tensors: may hold more than the network needs.
    :param what: whose weights they are, for messages.
    :raises ModelError: a tensor is missing, of another shape, or not finite.
    """
    check_fit(network, tensors, path, what)
    wanted = network.state_dict()
    if not all(tensors[name].isfinite().all() for name in wanted):
        raise ModelError(f'{path}: expected finite weights of {what}, found NaN or infinity')
    network.load_state_dict({name: tensors[name] for name in wanted})
    network.eval()
