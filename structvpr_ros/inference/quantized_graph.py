# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""An exported network in int8, with the ranges of its values taken from images."""

from contextlib import contextmanager
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Iterable, Iterator, Optional

import numpy as np
from numpy.typing import NDArray
import onnx
from onnxruntime.quantization import (CalibrationDataReader, CalibrationMethod, QuantFormat,
                                      quantize_static, QuantType)

from structvpr_ros.errors import ModelError
from structvpr_ros.inference.onnx_engine import INPUT

# As the modules of models.branch.Branch name the nodes. What follows the backbone is a twentieth
# of the work, and decides on small differences: it stays in float32.
_QUANTIZED_PART = '/backbone/'
# With the operations between them, so that whole blocks stay in int8: a clipped convolution needs
# the range after the clipping, which is far narrower.
_OPERATIONS = {'Conv', 'Clip', 'Relu', 'Add', 'Pad'}


class _Images(CalibrationDataReader):

    def __init__(self, images: Iterable[NDArray[np.uint8]]) -> None:
        self._images = iter(images)

    def get_next(self) -> Optional[dict[str, NDArray[np.uint8]]]:
        image = next(self._images, None)
        return None if image is None else {INPUT: image[np.newaxis]}


def quantized_graph(path: Path, images: Iterable[NDArray[np.uint8]]) -> bytes:
    """
    Quantise the backbone of an exported network: weights per channel, activations statically.

    Quantise and dequantise nodes (QDQ) stand around the operations, so that every runtime that
    knows them may choose its kernels. Jacob et al., Quantization and Training of Neural Networks
    for Efficient Integer-Arithmetic-Only Inference, CVPR 2018.

    :param path: of the float32 network.
    :param images: uint8 (height, width, 3) of its input size, as the camera sees them.
    :return: the serialised network; input, output and what they mean are those of ``path``.
    :raises ModelError: there is nothing to quantise in it, or no images.
    """
    network = onnx.load(path)
    nodes = [node.name for node in network.graph.node
             if _QUANTIZED_PART in node.name and node.op_type in _OPERATIONS]
    if not nodes:
        raise ModelError(f'{path}: expected nodes named *{_QUANTIZED_PART}* to quantise, '
                         'found none')
    with TemporaryDirectory() as folder, _without_advice():
        result = Path(folder) / 'int8.onnx'
        try:
            quantize_static(
                path, result, _Images(images), quant_format=QuantFormat.QDQ, per_channel=True,
                activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                nodes_to_quantize=nodes, calibrate_method=CalibrationMethod.MinMax)
        except ValueError as error:
            raise ModelError(f'{path}: cannot be quantised: {error}') from error
        return result.read_bytes()


@contextmanager
def _without_advice() -> Iterator[None]:
    # It advises a preparation of the graph that our export has done, and through the root logger.
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(disabled)
