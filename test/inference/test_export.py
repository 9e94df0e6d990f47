# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The export: one graph from the image on, equal to PyTorch, or nothing."""

from dataclasses import replace
import shutil

import numpy as np
import onnx
import pytest
import torch

from structvpr_ros.errors import ModelError
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.inference.export import export, ExportOptions
from structvpr_ros.models.aggregators.registry import AGGREGATORS
from structvpr_ros.models.backbones import BACKBONES
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import load_branch, save_bundle
from structvpr_ros.models.card import CARD, ModelCard, ONNX, WEIGHTS


@pytest.fixture
def bundle(unexported_bundle, tmp_path):
    return shutil.copytree(unexported_bundle, tmp_path / 'rgb')


def shapes(ends) -> list:
    return [(end.name, [dim.dim_param or dim.dim_value for dim in end.type.tensor_type.shape.dim])
            for end in ends]


def test_the_graph_is_whole_and_plain(tiny_bundle):
    model = onnx.load(tiny_bundle / ONNX)
    onnx.checker.check_model(model, full_check=True)
    assert shapes(model.graph.input) == [('image', ['n', 48, 64, 3])]
    assert shapes(model.graph.output) == [('descriptor', ['n', 448])]
    assert model.graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8
    kinds = {node.op_type for node in model.graph.node}
    assert 'BatchNormalization' not in kinds, 'folded into the convolutions'
    assert all(opset.domain == '' for opset in model.opset_import)


def test_only_the_list_of_files_changes(bundle):
    before = ModelCard.load(bundle)
    weights = (bundle / WEIGHTS).read_bytes()
    assert export(ExportOptions(bundle)) == bundle / ONNX
    after = ModelCard.load(bundle)
    assert set(after.files) == {WEIGHTS, ONNX}
    assert replace(after, files=before.files) == before
    assert (bundle / WEIGHTS).read_bytes() == weights
    assert sorted(path.name for path in bundle.iterdir()) == sorted([CARD, ONNX, WEIGHTS])


def test_exporting_again_changes_nothing(bundle):
    first = export(ExportOptions(bundle)).read_bytes()
    card = ModelCard.load(bundle)
    assert export(ExportOptions(bundle)).read_bytes() == first
    assert ModelCard.load(bundle) == card


@pytest.mark.parametrize('backbone', sorted(BACKBONES))
@pytest.mark.parametrize('aggregator', sorted(AGGREGATORS))
def test_every_architecture_exports(tmp_path, backbone, aggregator):
    torch.manual_seed(0)
    branch = Branch(backbone, aggregator, 3).eval()
    save_bundle(tmp_path, branch, ModelCard(
        branch='rgb', backbone=backbone, aggregator=aggregator, channels=3, input_size=(40, 72),
        descriptor_size=branch.descriptor_size, mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.25)))
    export(ExportOptions(tmp_path))
    image = np.random.default_rng(1).integers(0, 256, (2, 40, 72, 3), np.uint8)
    # By hand, as training normalises: values in 0..1, less the mean, by the deviation.
    normalised = (image / 255 - [0.5, 0.4, 0.3]) / [0.2, 0.3, 0.25]
    with torch.inference_mode():
        expected = load_branch(tmp_path)(
            torch.from_numpy(normalised.transpose(0, 3, 1, 2).astype(np.float32))).numpy()
    assert np.abs(create_engine(tmp_path).describe(image) - expected).max() < 1e-4


def test_a_network_that_gives_nan_is_not_exported(bundle):
    branch = load_branch(bundle)
    with torch.no_grad():
        next(branch.parameters())[0] = float('nan')
    save_bundle(bundle, branch, ModelCard.load(bundle))
    with pytest.raises(ModelError, match='found a difference of nan'):
        export(ExportOptions(bundle))
    assert not (bundle / ONNX).exists()
    assert ONNX not in ModelCard.load(bundle).files


def test_bad_bundles(bundle, tmp_path):
    with pytest.raises(ModelError, match='expected a model bundle'):
        export(ExportOptions(tmp_path / 'nowhere'))
    (bundle / WEIGHTS).write_bytes((bundle / WEIGHTS).read_bytes()[:-1])
    with pytest.raises(ModelError, match='model.safetensors: expected SHA-256'):
        export(ExportOptions(bundle))
