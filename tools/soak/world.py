# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The small world of a soak: a model of random weights, and a map of pictures of blocks."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import torch

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.inference.export import export, ExportOptions
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import save_bundle
from structvpr_ros.models.card import ModelCard
from structvpr_ros.place_map.build import build_map, BuildMapOptions

_INPUT = (240, 320)
_PLACES = 40


def pictures(count: int) -> list[NDArray[np.uint8]]:
    """Return RGB images, uint8 (480, 640, 3), that are easily told apart; always the same."""
    random = np.random.default_rng(0)
    return [np.kron(random.integers(0, 256, (12, 16, 3), np.uint8),
                    np.ones((40, 40, 1), np.uint8)) for _ in range(count)]


def make_model(folder: Path) -> Path:
    """Write a bundle that takes as long as a trained one, and has an ONNX file."""
    torch.manual_seed(0)
    branch = Branch('mobilenet_v2', 'gem', 3)
    for module in branch.modules():
        # Statistics as after training; with none, all images have one and the same descriptor.
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
    with torch.no_grad():
        branch.train()(torch.randn(16, 3, *_INPUT))
    save_bundle(folder, branch, ModelCard(
        branch='rgb', backbone='mobilenet_v2', aggregator='gem', channels=3, input_size=_INPUT,
        descriptor_size=branch.descriptor_size, mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225)))
    export(ExportOptions(folder))
    return folder


def make_map(folder: Path, model: Path) -> Path:
    """Write a map of places 5 m apart, with thumbnails."""
    root = folder.parent / 'places'
    names = tuple(f'images/{place:03d}.jpg' for place in range(_PLACES))
    for name, picture in zip(names, pictures(_PLACES), strict=True):
        write_image(root / name, picture)
    nothing = ('',) * _PLACES
    write_place_dataset(PlaceTable(
        root, names, tuple(f'place_{place}' for place in range(_PLACES)),
        np.stack([5.0 * np.arange(_PLACES), np.zeros(_PLACES)], 1), np.zeros(_PLACES),
        nothing, nothing))
    return build_map(BuildMapOptions(root, model, folder))
