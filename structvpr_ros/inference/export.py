# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Exporting a bundle to ONNX: one graph from the resized image to the descriptor."""

from dataclasses import dataclass, replace
import io
import logging
from pathlib import Path
from typing import Optional
import warnings

import cv2
import numpy as np
from numpy.typing import NDArray
import onnx
import torch
from torch import nn

from structvpr_ros.data.layouts import LayoutName, read_dataset
from structvpr_ros.errors import ModelError
from structvpr_ros.inference.engine import load_rgb_card
from structvpr_ros.inference.onnx_engine import create_session, INPUT, OUTPUT, run_session
from structvpr_ros.inference.quantize import quantize
from structvpr_ros.inference.torch_engine import load_image_network
from structvpr_ros.models.card import ModelCard, ONNX
from structvpr_ros.storage import file_hash, replacing_file

TOLERANCE = 1e-4

# Old enough for the ONNX Runtime of every ROS release since Humble.
_OPSET = 17

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ExportOptions:
    """
    What is exported.

    :param model: folder of an RGB model bundle.
    :param dataset: folder of a place data set of the robot's images; if given, a variant in int8
        is made, too, which takes its ranges from them and is judged by them.
    :param layout: of the data set; auto recognises it.
    :param max_recall_loss: points of R@1 that the variant may lose, else it is not kept.
    """

    model: Path
    dataset: Optional[Path] = None
    layout: LayoutName = 'auto'
    max_recall_loss: float = 0.5


def export(options: ExportOptions) -> Path:
    """
    Export an RGB model bundle to ONNX, beside its weights; in int8 as well, given images.

    The graph takes ``image``, uint8 (N, height, width, 3) of the card's input size, and gives
    ``descriptor``, float32 (N, D). It is written only if its descriptors are those of PyTorch.

    :return: the path of model.onnx; the card then lists its hash.
    :raises ModelError: the bundle is bad or of the SEG branch, the exported network differs, or
        in int8 it finds too few places.
    :raises DatasetError: the data set is bad, or nothing can be measured by it.
    """
    folder = Path(options.model)
    table = options.dataset and read_dataset(options.dataset, options.layout)
    card = load_rgb_card(folder)
    network = load_image_network(folder, card)
    graph = _to_onnx(network, card)
    difference = _largest_difference(graph, network, card)
    # Written so that NaN fails too.
    if not difference <= TOLERANCE:
        raise ModelError(f'{folder}: expected the exported network to give the descriptors of '
                         f'PyTorch within {TOLERANCE}, found a difference of {difference:.3g}')
    path = folder / ONNX
    with replacing_file(path) as aside:
        aside.write_bytes(graph)
    replace(card, files={**card.files, ONNX: file_hash(path)}).save(folder)
    _logger.info('%s: differs from PyTorch by at most %.1e', path, difference)
    if table:
        quantize(folder, table, options.max_recall_loss)
    return path


def _to_onnx(network: nn.Module, card: ModelCard) -> bytes:
    images = torch.zeros((1, *card.input_size, 3), dtype=torch.uint8)
    stream = io.BytesIO()
    with warnings.catch_warnings():
        # PyTorch advises its newer exporter, which takes twenty times as long, needs one more
        # package, and whose graph runs no faster. The tracer warns of what it holds for fixed:
        # the input's size is, and the result is compared below.
        warnings.simplefilter('ignore')
        torch.onnx.export(
            network, (images,), stream, dynamo=False, opset_version=_OPSET,
            input_names=[INPUT], output_names=[OUTPUT],
            dynamic_axes={INPUT: {0: 'n'}, OUTPUT: {0: 'n'}})
    model = onnx.load_from_string(stream.getvalue())
    # The tracer loses sight of D.
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = card.descriptor_size
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def _largest_difference(graph: bytes, network: nn.Module, card: ModelCard) -> float:
    session = create_session(graph, card)
    images = _probes(card.input_size)
    differences = []
    for batch in (images[:1], images):
        with torch.inference_mode():
            expected = network(torch.from_numpy(batch)).numpy()
        differences.append(np.abs(run_session(session, batch) - expected).max())
    return float(np.max(differences))


def _probes(size: tuple[int, int]) -> NDArray[np.uint8]:
    # Noise, a smooth picture and darkness: (3, height, width, 3).
    height, width = size
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, (height, width, 3), np.uint8)
    coarse = random.integers(0, 256, (4, 4, 3), np.uint8)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.stack([noise, smooth, np.zeros_like(noise)])
