# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""ONNX segmentation networks: static and free sizes, and files that are something else."""

from pathlib import Path
from typing import Any, Sequence

import numpy as np
import onnx
from onnx import helper, TensorProto
import pytest

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.onnx_segmenter import OnnxSegmenter


def write_model(path: Path, shape: Sequence[Any] = (1, 3, 'height', 'width'),
                kind: int = TensorProto.FLOAT, inputs: int = 1) -> Path:
    """Write a network whose twelve logits are the red channel times 0, 1, ..., 11."""
    weights = np.zeros((12, 3, 1, 1), np.float32)
    weights[:, 0, 0, 0] = np.arange(12)
    names = [f'images{number or ""}' for number in range(inputs)]
    graph = helper.make_graph(
        [helper.make_node('Cast', [names[0]], ['cast'], to=TensorProto.FLOAT),
         helper.make_node('Conv', ['cast', 'weights'], ['logits'])],
        'segmenter', [helper.make_tensor_value_info(name, kind, shape) for name in names],
        [helper.make_tensor_value_info('logits', TensorProto.FLOAT, None)],
        [onnx.numpy_helper.from_array(weights, 'weights')])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 13)], ir_version=8)
    onnx.save(model, str(path))
    return path


@pytest.mark.parametrize('shape, size', [
    ((1, 3, 4, 6), (4, 6)), (('N', 3, 4, 6), (4, 6)), ((1, 3, 'h', 'w'), None),
    ((None, None, None, None), None), ((1, 3, 4, 'w'), None)])
def test_sizes(tmp_path: Path, shape: Sequence[Any], size: object) -> None:
    segmenter = OnnxSegmenter(write_model(tmp_path / 'model.onnx', shape))
    assert segmenter.input_size == size
    images = np.random.default_rng(1).normal(size=(1, 3, 4, 6)).astype(np.float32)
    expected = images[:, :1] * np.arange(12)[None, :, None, None]
    np.testing.assert_allclose(segmenter(images), expected, rtol=1e-6)


@pytest.mark.parametrize('options, found', [
    ({'shape': (4, 3, 8, 8)}, r'\[4, 3, 8, 8\]'), ({'shape': (1, 4, 8, 8)}, r'\[1, 4, 8, 8\]'),
    ({'kind': TensorProto.UINT8}, r'tensor\(uint8\)'),
    ({'inputs': 2}, 'images1')])
def test_another_input(tmp_path: Path, options: dict, found: str) -> None:
    path = write_model(tmp_path / 'model.onnx', **options)
    with pytest.raises(SegmentationError, match=f'expected one input .*{found}') as caught:
        OnnxSegmenter(path)
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize('damage', [
    lambda data: b'', lambda data: b'not a model', lambda data: data[:len(data) // 2]])
def test_a_file_that_is_no_model(tmp_path: Path, damage: Any) -> None:
    path = write_model(tmp_path / 'model.onnx')
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(SegmentationError, match='model.onnx: ') as caught:
        OnnxSegmenter(path)
    assert '\n' not in str(caught.value)


def test_an_input_of_another_size(tmp_path: Path) -> None:
    segmenter = OnnxSegmenter(write_model(tmp_path / 'model.onnx', (1, 3, 4, 6)))
    with pytest.raises(SegmentationError, match=r'fails on an input of \(1, 3, 5, 6\)') as caught:
        segmenter(np.zeros((1, 3, 5, 6), np.float32))
    assert '\n' not in str(caught.value)
