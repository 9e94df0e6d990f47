# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The engine for processors of Intel: OpenVINO, in float32, bfloat16 or int8."""

import io
import logging
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
import openvino

from structvpr_ros.errors import ModelError
from structvpr_ros.inference.compiled_networks import (compiled_key, keep_compiled,
                                                       load_compiled)
from structvpr_ros.inference.engine import (check_descriptors, check_images, load_network_file,
                                            load_rgb_card, NotOnThisMachine)
from structvpr_ros.inference.engine_choice import EngineChoice, Precision
from structvpr_ros.inference.onnx_engine import INPUT, OUTPUT
from structvpr_ros.models.card import ModelCard

_logger = logging.getLogger(__name__)

_PRECISIONS = {'float32': 'f32', 'bfloat16': 'bf16', 'int8': 'f32'}


class OpenVinoEngine:
    """Runs an ONNX file of a bundle, one image at a time; see ``engine.Engine``."""

    def __init__(self, bundle: Path, threads: int = 0, precision: Precision = 'float32') -> None:
        """
        Load and compile the exported network of a bundle.

        :param bundle: folder of an RGB model bundle.
        :param threads: of the engine; 0 takes one per physical core.
        :param precision: float32, bfloat16, or int8, whose parts that are not quantised run in
            float32.
        :raises ModelError: the bundle is bad or not exported, or the network does not fit it.
        :raises NotOnThisMachine: the processor has no bfloat16.
        """
        choice = EngineChoice('openvino', 'cpu', precision)
        self.card = load_rgb_card(Path(bundle))
        self.name = str(choice)
        path, network = load_network_file(Path(bundle), self.card, choice.file)
        core = openvino.Core()
        if precision == 'bfloat16' and 'BF16' not in core.get_property(
                'CPU', 'OPTIMIZATION_CAPABILITIES'):
            raise NotOnThisMachine('precision bfloat16: expected a processor with bfloat16, '
                                   'found one without: choose float32 or int8')
        try:
            compiled = _compiled(core, network, self.card, threads, precision)
        except ModelError as error:
            raise ModelError(f'{path}: {error}') from error
        self._request = compiled.create_infer_request()
        self._lock = Lock()

    @property
    def descriptor_size(self) -> int:
        """Return D, the length of a descriptor."""
        return self.card.descriptor_size

    def describe(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Describe uint8 (N, height, width, 3) as float32 (N, D); see ``engine.Engine``."""
        check_images(images, self.card)
        descriptors = np.concatenate([self._run(image) for image in images])
        # In bfloat16 the network's last step is good to 1 in 256 only.
        with np.errstate(invalid='ignore', divide='ignore'):
            descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
        check_descriptors(descriptors, len(images), self.card)
        return descriptors

    def _run(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        # The request holds its input and its output.
        with self._lock:
            try:
                answer = self._request.infer({INPUT: np.ascontiguousarray(image)[np.newaxis]},
                                             share_inputs=True)
            except RuntimeError as error:
                raise ModelError(f'OpenVINO cannot run the network: {error}') from error
            return answer[OUTPUT].copy()


def _compiled(core: openvino.Core, network: bytes, card: ModelCard, threads: int,
              precision: Precision) -> openvino.CompiledModel:
    # To compile takes a second, to import what was compiled before a third of that.
    settings = {'PERFORMANCE_HINT': 'LATENCY', 'INFERENCE_PRECISION_HINT': _PRECISIONS[precision]}
    if threads:
        settings['INFERENCE_NUM_THREADS'] = threads
    processor = [core.get_property('CPU', name)
                 for name in ('FULL_DEVICE_NAME', 'OPTIMIZATION_CAPABILITIES')]
    key = compiled_key(network, card.input_size, card.descriptor_size, settings,
                       openvino.get_version(), processor)
    known = load_compiled(key)
    if known is not None:
        try:
            return core.import_model(io.BytesIO(known), 'CPU', settings)
        except RuntimeError as error:
            _logger.info('what was compiled before cannot be used: %s', error)
    compiled = _compile(core, network, card, settings)
    keep_compiled(key, compiled.export_model().getvalue())
    return compiled


def _compile(core: openvino.Core, network: bytes, card: ModelCard,
             settings: dict[str, object]) -> openvino.CompiledModel:
    try:
        model = core.read_model(io.BytesIO(network))
        _check_signature(model, card)
        # For one image at a time it compiles a network that takes two thirds of the time of one
        # for any number of images.
        model.reshape({INPUT: [1, *card.input_size, 3]})
        return core.compile_model(model, 'CPU', settings)
    except RuntimeError as error:
        raise ModelError(f'OpenVINO cannot load it: {error}') from error


def _check_signature(model: openvino.Model, card: ModelCard) -> None:
    # The first dimension, the number of images, is open.
    expected = [(INPUT, 'u8', ['?', *map(str, card.input_size), '3']),
                (OUTPUT, 'f32', ['?', str(card.descriptor_size)])]
    found = [(end.get_any_name(), end.get_element_type().get_type_name(),
              [str(side) for side in end.get_partial_shape()])
             for end in (*model.inputs, *model.outputs)]
    if found != expected:
        raise ModelError(f'expected a network from {expected[0]} to {expected[1]}, found {found}')
