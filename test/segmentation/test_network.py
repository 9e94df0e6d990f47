# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a user may name as a model, and what is said where it is none."""

from pathlib import Path
import subprocess
import sys

import pytest

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.label_set import load_label_set
from structvpr_ros.segmentation.network import open_network

CAMVID = load_label_set('camvid')


@pytest.mark.parametrize('model, weights, part', [
    ('model.tflite', None, "torchvision:NAME, or a file .onnx.*found 'model.tflite'"),
    ('model', None, "found 'model'"),
    ('missing.onnx', None, 'missing.onnx: expected a segmentation model, found no file'),
    ('missing.pt', None, 'missing.pt: expected a segmentation model, found no file'),
    ('model.onnx', 'w.pth', 'expected no --weights'),
    ('torchvision:lraspp_mobilenet_v3_large', None, "expected --weights.*'camvid'"),
])
def test_what_cannot_be_opened(model: str, weights: str, part: str) -> None:
    with pytest.raises(SegmentationError, match=part):
        open_network(model, weights and Path(weights), CAMVID)


@pytest.mark.parametrize('name', ['yolo', 'resnet50'])
def test_what_torchvision_does_not_segment_with(name: str) -> None:
    pytest.importorskip('torchvision')
    with pytest.raises(SegmentationError, match=f"among deeplabv3.*, found '{name}'"):
        open_network(f'torchvision:{name}', Path('w.pth'), CAMVID)


def test_the_room_starts_without_torch() -> None:
    script = ('import sys; import structvpr_ros.segmentation.segment, '
              'structvpr_ros.segmentation.encode, structvpr_ros.segmentation.onnx_segmenter; '
              'print(sorted({"torch", "torchvision", "matplotlib"} & set(sys.modules)))')
    result = subprocess.run([sys.executable, '-c', script], capture_output=True, text=True,
                            check=True)
    assert result.stdout.strip() == '[]'
