# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""(d) The limit: multiplications of the network over what the machine does in large products."""

import math
from pathlib import Path
from typing import Any, Mapping

from in_turn import in_turn
import numpy as np
import onnx
from onnx import helper, TensorProto
import onnxruntime
from quiet_session import quiet_session

from structvpr_ros.inference.engine import Engine

_SIDE = 1024  # of the square matrices
_KINDS = {'float32': ('MatMul', np.float32, np.float32),
          'int8': ('MatMulInteger', np.uint8, np.int8)}


def limits(model: Path, engines: Mapping[str, Engine], seconds: float) -> dict[str, Any]:
    """
    Measure large products and the engines in turn.

    :param model: an ONNX file of the network in float32.
    :return: ``macs`` of one image; ``rates``, multiply-accumulates per second by precision; by
        engine its ``ms``, the ``limit_ms`` of its precision and of float32, and the ratios.
    """
    card = next(iter(engines.values())).card
    image = np.zeros((1, *card.input_size, 3), np.uint8)
    products = {kind: _product(*parts) for kind, parts in _KINDS.items()}
    taken = in_turn({**products, **{name: lambda engine=engine: engine.describe(image)
                                    for name, engine in engines.items()}},
                    seconds, 'the limit')
    # The limit is what the machine can do: its best, of a time that is not ours alone.
    rates = {kind: _SIDE ** 3 / min(taken[kind]) for kind in products}
    macs = multiplications(model, image)
    table = {}
    for name in engines:
        kind = 'int8' if name.endswith('int8') else 'float32'
        best = 1e3 * min(taken[name])
        limit, plain = 1e3 * macs / rates[kind], 1e3 * macs / rates['float32']
        table[name] = {'best_ms': best, 'p50_ms': 1e3 * float(np.median(taken[name])),
                       'limit_ms': limit, 'to_limit': best / limit, 'to_float32': best / plain}
    return {'macs': macs, 'rates': rates, 'engines': table}


def multiplications(path: Path, image: np.ndarray) -> int:
    """Return the multiply-accumulates of one image in the convolutions and matrix products."""
    model = onnx.load(path)
    weights = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    nodes = [node for node in model.graph.node if node.op_type in ('Conv', 'Gemm', 'MatMul')]
    # What goes in and what comes out, by running it: shape inference loses its way in the tail.
    names = {node.output[0] for node in nodes} | {
        node.input[0] for node in nodes} - {*weights, model.graph.input[0].name}
    known = [output.name for output in model.graph.output]
    model.graph.output.extend(helper.make_empty_tensor_value_info(name)
                              for name in sorted(names.difference(known)))
    session = onnxruntime.InferenceSession(model.SerializeToString(),
                                           providers=['CPUExecutionProvider'])
    outputs = [output.name for output in session.get_outputs()]
    shapes = {**weights, **{name: value.shape for name, value in zip(
        outputs, session.run(outputs, {model.graph.input[0].name: image}))}}
    return sum(math.prod(shapes[node.output[0]]) * (
        math.prod(shapes[node.input[1]][1:]) if node.op_type == 'Conv'
        else shapes[node.input[0]][-1]) for node in nodes)


def _product(operation: str, left: type, right: type):
    types = [helper.np_dtype_to_tensor_dtype(np.dtype(kind)) for kind in (left, right)]
    result = TensorProto.FLOAT if operation == 'MatMul' else TensorProto.INT32
    sides = [_SIDE, _SIDE]
    graph = helper.make_graph(
        [helper.make_node(operation, ['a', 'b'], ['c'])], 'product',
        [helper.make_tensor_value_info('a', types[0], sides)],
        [helper.make_tensor_value_info('c', result, sides)],
        # Constant, as the weights of a network are: they are packed once.
        [onnx.numpy_helper.from_array(np.ones(sides, right), 'b')])
    session = quiet_session(helper.make_model(
        graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8).SerializeToString())
    a = np.ones(sides, left)
    return lambda: session.run(None, {'a': a})
