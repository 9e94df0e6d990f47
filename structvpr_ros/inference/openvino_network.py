# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Networks compiled by OpenVINO for this processor, kept for the next start."""

import io
import logging
from threading import Lock
from typing import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
import openvino

from structvpr_ros.errors import ModelError
from structvpr_ros.inference.compiled_networks import (compiled_key, keep_compiled,
                                                       load_compiled)
from structvpr_ros.inference.engine import NotOnThisMachine
from structvpr_ros.inference.engine_choice import Precision

_logger = logging.getLogger(__name__)

_PRECISIONS = {'float32': 'f32', 'bfloat16': 'bf16', 'int8': 'f32'}


class OpenVinoNetwork:
    """Runs an ONNX network, one input at a time; several threads may call it at once."""

    def __init__(self, network: bytes, threads: int = 0, precision: Precision = 'float32',
                 prepare: Callable[[openvino.Model], None] = lambda model: None,
                 circumstances: tuple = ()) -> None:
        """
        Compile a network, or import what was compiled before, in a third of the time.

        :param threads: 0 takes one per physical core.
        :param precision: float32, bfloat16, or int8, whose parts that are not quantised run in
            float32.
        :param prepare: checks and changes the network before it is compiled.
        :param circumstances: all that ``prepare`` depends on.
        :raises ModelError: OpenVINO cannot load it, or as ``prepare``.
        :raises NotOnThisMachine: the processor has no bfloat16.
        """
        core = openvino.Core()
        if precision == 'bfloat16' and 'BF16' not in core.get_property(
                'CPU', 'OPTIMIZATION_CAPABILITIES'):
            raise NotOnThisMachine('precision bfloat16: expected a processor with bfloat16, '
                                   'found one without: choose float32 or int8')
        settings = {'PERFORMANCE_HINT': 'LATENCY',
                    'INFERENCE_PRECISION_HINT': _PRECISIONS[precision]}
        if threads:
            settings['INFERENCE_NUM_THREADS'] = threads
        compiled = _compiled(core, network, settings, prepare, circumstances)
        self._request = compiled.create_infer_request()
        # The request holds its inputs and its outputs.
        self._lock = Lock()

    def run(self, inputs: Mapping[str, NDArray], outputs: tuple[str, ...]) -> list[NDArray]:
        """
        Return the outputs of these names, arrays of their own.

        :raises ModelError: the network fails on the inputs.
        """
        with self._lock:
            try:
                answer = self._request.infer(dict(inputs), share_inputs=True)
            except RuntimeError as error:
                raise ModelError(f'OpenVINO cannot run the network: {error}') from error
            return [np.array(answer[name]) for name in outputs]


def _compiled(core: openvino.Core, network: bytes, settings: dict[str, object],
              prepare: Callable[[openvino.Model], None],
              circumstances: tuple) -> openvino.CompiledModel:
    processor = [core.get_property('CPU', name)
                 for name in ('FULL_DEVICE_NAME', 'OPTIMIZATION_CAPABILITIES')]
    key = compiled_key(network, *circumstances, settings, openvino.get_version(), processor)
    known = load_compiled(key)
    if known is not None:
        try:
            return core.import_model(io.BytesIO(known), 'CPU', settings)
        except RuntimeError as error:
            _logger.info('what was compiled before cannot be used: %s', error)
    try:
        model = core.read_model(io.BytesIO(network))
        prepare(model)
        compiled = core.compile_model(model, 'CPU', settings)
    except RuntimeError as error:
        raise ModelError(f'OpenVINO cannot load it: {error}') from error
    keep_compiled(key, compiled.export_model().getvalue())
    return compiled
