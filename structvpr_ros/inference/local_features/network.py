# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The engines of the student, for a network that finds features: ONNX Runtime and OpenVINO."""

from importlib.util import find_spec
from pathlib import Path
from typing import Callable

import numpy as np
from numpy.typing import NDArray
import onnxruntime

from structvpr_ros.errors import ConfigurationError, ModelError
from structvpr_ros.inference.engine_choice import AUTO, EngineKind

INPUT, OUTPUTS = 'image', ('points', 'scores', 'descriptors')

# From an RGB image, uint8 (height, width, 3), to the arrays that OUTPUTS names.
FeatureNetwork = Callable[[NDArray[np.uint8]], list[NDArray]]


def open_network(path: Path, engine: EngineKind = 'onnx', threads: int = 0) -> FeatureNetwork:
    """
    Load a network, on the CPU in float32, for points depend on small differences.

    :param engine: that of the student: openvino; auto, which takes OpenVINO where it is
        installed; onnx; or torch, beside which ONNX Runtime is, too, and runs this network.
    :param threads: for the work within one operator; 0 takes one per physical core.
    :raises ModelError: the file is missing or no such network.
    :raises ConfigurationError: OpenVINO is asked for, and missing.
    """
    try:
        network = Path(path).read_bytes()
    except OSError as error:
        raise ModelError(f'{path}: cannot read it: {error}') from error
    installed = find_spec('openvino') is not None
    if engine == 'openvino' and not installed:
        raise ConfigurationError(
            'engine openvino: expected the Python package openvino, found none: '
            "pip install 'structvpr_ros[openvino]', or choose another engine")
    opened = _openvino if engine == 'openvino' or engine == AUTO and installed else _onnx
    try:
        return opened(network, threads)
    except ModelError as error:
        raise ModelError(f'{path}: {error}') from error


def _onnx(network: bytes, threads: int) -> FeatureNetwork:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # As the engines: threads that spin between images cost a robot whole cores.
    options.add_session_config_entry('session.intra_op.allow_spinning', '0')
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(network, options,
                                               providers=['CPUExecutionProvider'])
    except Exception as error:
        raise ModelError(f'ONNX Runtime cannot load it: {error}') from error

    def run(image: NDArray[np.uint8]) -> list[NDArray]:
        try:
            return session.run(OUTPUTS, {INPUT: image})
        except Exception as error:
            raise ModelError(f'ONNX Runtime cannot run the network: {error}') from error
    return run


def _openvino(network: bytes, threads: int) -> FeatureNetwork:
    from structvpr_ros.inference.openvino_network import OpenVinoNetwork
    compiled = OpenVinoNetwork(network, threads)
    return lambda image: compiled.run({INPUT: image}, OUTPUTS)
