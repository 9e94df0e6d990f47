# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What is measured on: a bundle with its int8 variant, a map of many places, and pictures."""

from dataclasses import replace
from pathlib import Path
import shutil

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.engine import Engine
from structvpr_ros.inference.engine_choice import CHOICES
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.inference.quantized_graph import quantized_graph
from structvpr_ros.models.card import ModelCard, ONNX, ONNX_INT8
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.writer import write_map
from structvpr_ros.storage import file_hash

SIZES = {'640x480': (480, 640), '1920x1080': (1080, 1920)}


def picture(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    """Return an RGB image of coloured blocks, uint8 (height, width, 3)."""
    blocks = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), np.uint8)
    rows, columns = np.arange(height) * 12 // height, np.arange(width) * 16 // width
    return np.ascontiguousarray(blocks[rows][:, columns])


def make_bundle(model: Path, folder: Path) -> Path:
    """
    Copy a bundle, and quantise the copy where that has not been done.

    Pictures of blocks will do for that: speed does not depend on the values.
    """
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(model, folder)
    card = ModelCard.load(folder)
    if ONNX_INT8 not in card.files:
        path = folder / ONNX_INT8
        path.write_bytes(quantized_graph(
            folder / ONNX, [picture(*card.input_size, seed) for seed in range(8)]))
        replace(card, files={**card.files, ONNX_INT8: file_hash(path)}).save(folder)
    return folder


def make_map(folder: Path, card: ModelCard, places: int) -> Path:
    """Write a map of places with random descriptors, 5 m apart."""
    descriptors = np.random.default_rng(0).normal(
        size=(places, card.descriptor_size)).astype(np.float32)
    descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
    entries = [PosedImage('bench', f'{row}.jpg', f'place_{row}', 5.0 * row, 0.0, 0.0)
               for row in range(places)]
    return write_map(folder, MapContent(entries, descriptors, card.fingerprint, 'map'))


def installed_engines(bundle: Path) -> dict[str, Engine]:
    """Return every engine that runs here, by name; TensorRT compiles for minutes, and is left."""
    engines = {}
    for choice in CHOICES:
        if choice.provider == 'tensorrt':
            continue
        try:
            engines[str(choice)] = create_engine(
                bundle, choice.kind, 0, choice.provider, choice.precision)
        except ConfigurationError:
            continue
    return engines
