# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""All engines: one contract, the same descriptors, and what they refuse."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
import shutil
import subprocess
import sys

import numpy as np
import onnx
from onnx import helper, TensorProto
import onnxruntime
import pytest
import torch

from structvpr_ros.errors import ConfigurationError, ModelError
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import save_bundle
from structvpr_ros.models.card import ModelCard, ONNX
from structvpr_ros.storage import file_hash

KINDS = ('onnx', pytest.param('openvino', marks=pytest.mark.skipif(
    find_spec('openvino') is None, reason='needs openvino')), 'torch')


@pytest.fixture(scope='module')
def engines(tiny_bundle):
    return {kind: create_engine(tiny_bundle, kind) for kind in ('onnx', 'openvino', 'torch')
            if kind != 'openvino' or find_spec(kind)}


@pytest.fixture
def bundle(tiny_bundle, tmp_path):
    """Give a copy of the exported bundle that a test may break."""
    return shutil.copytree(tiny_bundle, tmp_path / 'rgb')


def images(engine, count: int, seed: int = 0) -> np.ndarray:
    shape = (count, *engine.card.input_size, 3)
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('count', [1, 2, 5])
def test_engines_agree(engines, kind, count):
    batch = images(engines['onnx'], count)
    difference = engines[kind].describe(batch) - engines['torch'].describe(batch)
    assert np.abs(difference).max() < 1e-4
    assert engines[kind].name == f'{kind} cpu float32'


@pytest.mark.parametrize('kind', KINDS)
def test_descriptors_are_float32_of_unit_length(engines, kind):
    engine = engines[kind]
    descriptors = engine.describe(images(engine, 4))
    assert descriptors.dtype == np.float32
    assert descriptors.shape == (4, engine.descriptor_size)
    np.testing.assert_allclose(np.linalg.norm(descriptors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize('kind', KINDS)
def test_an_image_does_not_depend_on_its_batch(engines, kind):
    engine = engines[kind]
    batch = images(engine, 5)
    alone = np.concatenate([engine.describe(batch[row:row + 1]) for row in range(5)])
    np.testing.assert_allclose(engine.describe(batch), alone, atol=1e-5)
    assert np.abs(alone[0] - alone[1]).max() > 1e-3, 'different images, different descriptors'


@pytest.mark.parametrize('kind', KINDS)
def test_several_threads_may_share_an_engine(engines, kind):
    engine = engines[kind]
    batches = [images(engine, 1, seed) for seed in range(12)]
    expected = [engine.describe(batch) for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        for found, wanted in zip(pool.map(engine.describe, batches), expected, strict=True):
            np.testing.assert_allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize('kind', KINDS)
def test_threads_and_read_only_strided_images(engines, tiny_bundle, kind):
    if kind == 'torch':
        pytest.skip('PyTorch has its threads for the whole process')
    engine = create_engine(tiny_bundle, kind, threads=1)
    batch = images(engine, 2)[:, ::-1, ::-1]
    batch.flags.writeable = False
    np.testing.assert_allclose(
        engine.describe(batch), engines['torch'].describe(batch), atol=1e-4)


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('make', [
    lambda batch: batch[0], lambda batch: batch[:0], lambda batch: batch.astype(np.float32),
    lambda batch: batch[:, :-1], lambda batch: batch[..., :2],
    lambda batch: batch.transpose(0, 3, 1, 2)])
def test_other_images_are_refused(engines, kind, make):
    engine = engines[kind]
    with pytest.raises(ModelError, match=r'expected images of uint8 \(N, 48, 64, 3\), found'):
        engine.describe(make(images(engine, 2)))


def test_unknown_kind_and_negative_threads(tiny_bundle):
    with pytest.raises(ConfigurationError, match="an engine of auto, onnx, .*, found 'x'"):
        create_engine(tiny_bundle, 'x')
    with pytest.raises(ConfigurationError, match='found -1'):
        create_engine(tiny_bundle, 'onnx', -1)


@pytest.mark.parametrize('kind', KINDS)
def test_no_bundle_and_the_seg_branch(tmp_path, kind):
    with pytest.raises(ModelError, match='expected a model bundle, found no such file'):
        create_engine(tmp_path / 'nowhere', kind)
    branch = Branch('mobilenet_v2', 'gem', 6)
    save_bundle(tmp_path, branch, ModelCard(
        branch='seg', backbone='mobilenet_v2', aggregator='gem', channels=6,
        input_size=(48, 64), descriptor_size=branch.descriptor_size, mean=(0.0,) * 6,
        std=(1.0,) * 6, groups=tuple('abcdef'), weights=(1.0,) * 6))
    with pytest.raises(ModelError, match='expected a model of the RGB branch.*found seg of 6'):
        create_engine(tmp_path, kind)


def test_a_bundle_that_is_not_exported_says_how(unexported_bundle, tiny_bundle):
    with pytest.raises(ModelError, match='ros2 run structvpr_ros export --model'):
        create_engine(unexported_bundle)
    with pytest.raises(ModelError, match='model_int8.onnx.*export --model .* --dataset'):
        create_engine(tiny_bundle, precision='int8')


@pytest.mark.parametrize('damage', [
    lambda data: data[:-1], lambda data: data[:100], lambda data: b'',
    lambda data: data[:500] + bytes([data[500] ^ 1]) + data[501:]])
def test_a_damaged_network_is_refused(bundle, damage):
    path = bundle / ONNX
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ModelError, match='model.onnx: expected SHA-256'):
        create_engine(bundle)


def test_a_lost_network_is_refused(bundle):
    (bundle / ONNX).unlink()
    with pytest.raises(ModelError, match='model.onnx: expected a file'):
        create_engine(bundle)


def replace_network(bundle, data: bytes) -> None:
    """Put another network into a bundle, with its hash, as somebody hostile would."""
    (bundle / ONNX).write_bytes(data)
    card = ModelCard.load(bundle)
    replace(card, files={**card.files, ONNX: file_hash(bundle / ONNX)}).save(bundle)


def constant_network(values: np.ndarray, height: int = 48) -> bytes:
    """Return a network that gives the same values for any image."""
    count = helper.make_node('Shape', ['image'], ['count'], start=0, end=1)
    value = helper.make_node('Constant', [], ['value'], value=onnx.numpy_helper.from_array(
        values.reshape(1, -1), 'value'))
    one = helper.make_node('Constant', [], ['one'], value=onnx.numpy_helper.from_array(
        np.ones(1, np.int64), 'one'))
    shape = helper.make_node('Concat', ['count', 'one'], ['shape'], axis=0)
    expand = helper.make_node('Expand', ['value', 'shape'], ['descriptor'])
    graph = helper.make_graph(
        [count, value, one, shape, expand], 'constant',
        [helper.make_tensor_value_info('image', TensorProto.UINT8, ['n', height, 64, 3])],
        [helper.make_tensor_value_info('descriptor', TensorProto.FLOAT, ['n', values.size])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)
    return model.SerializeToString()


@pytest.mark.parametrize('data', [b'', b'no network', b'\x08\x08' * 40])
def test_no_network_is_refused(bundle, data):
    replace_network(bundle, data)
    with pytest.raises(ModelError, match='model.onnx: '):
        create_engine(bundle)


@pytest.mark.parametrize('kind', KINDS[:2])
@pytest.mark.parametrize(('size', 'height'), [(447, 48), (448, 40)])
def test_a_network_of_other_shapes_is_refused(bundle, kind, size, height):
    replace_network(bundle, constant_network(np.ones(size, np.float32), height))
    with pytest.raises(ModelError, match='model.onnx: expected a network from'):
        create_engine(bundle, kind)


@pytest.mark.parametrize('kind', KINDS[:2])
def test_what_is_no_network_is_refused(bundle, kind):
    replace_network(bundle, b'no network')
    with pytest.raises(ModelError, match='model.onnx: .* cannot load it'):
        create_engine(bundle, kind)


@pytest.mark.parametrize(('kind', 'value'), [
    ('onnx', np.nan), ('onnx', np.inf), ('onnx', 0.0), ('onnx', 1.0),
    ('openvino', np.nan), ('openvino', np.inf), ('openvino', 0.0)])
def test_what_is_no_descriptor_is_refused(bundle, kind, value):
    if kind == 'openvino':
        pytest.importorskip(kind)
    replace_network(bundle, constant_network(np.full(448, value, np.float32)))
    engine = create_engine(bundle, kind)
    with pytest.raises(ModelError, match='expected descriptors of unit length, found image 0'):
        engine.describe(images(engine, 2))


def test_a_unit_constant_is_let_through(bundle):
    constant = np.full(448, 448 ** -0.5, np.float32)
    replace_network(bundle, constant_network(constant))
    engine = create_engine(bundle)
    np.testing.assert_array_equal(engine.describe(images(engine, 3)), np.stack([constant] * 3))


@pytest.mark.parametrize(('kind', 'library'), [
    ('onnx', 'onnxruntime'), ('openvino', 'openvino'), ('auto', 'onnxruntime')])
def test_the_engines_of_the_robot_start_without_torch(tiny_bundle, kind, library):
    if kind == 'openvino':
        pytest.importorskip(kind)
    check = ('import sys; from structvpr_ros.inference.engines import create_engine; '
             'from structvpr_ros.matching import localizer; '
             'assert not {"onnxruntime", "openvino"} & set(sys.modules); '
             f'create_engine({str(tiny_bundle)!r}, {kind!r}, 0, "auto", "auto"); '
             f'assert {library!r} in sys.modules; '
             'heavy = {"torch", "onnx", "lightning", "matplotlib", "scipy"} & set(sys.modules); '
             'assert not heavy, heavy')
    subprocess.run([sys.executable, '-c', check], check=True)


@pytest.fixture
def without(monkeypatch):
    """Give a function after which a library is not installed."""
    def hide(library: str, engine: str) -> None:
        monkeypatch.setitem(sys.modules, library, None)
        monkeypatch.delitem(sys.modules, f'structvpr_ros.inference.{engine}', raising=False)
    return hide


def test_an_engine_that_is_not_installed_says_what_is(tiny_bundle, without):
    without('openvino', 'openvino_engine')
    with pytest.raises(ConfigurationError) as caught:
        create_engine(tiny_bundle, 'openvino')
    assert str(caught.value) == (
        'engine openvino: expected the Python package openvino, found none: '
        "pip install 'structvpr_ros[openvino]', or choose another engine")


@pytest.mark.parametrize('provider', ['cuda', 'tensorrt'])
def test_a_provider_that_is_not_installed_says_what_is(tiny_bundle, provider):
    if len(onnxruntime.get_available_providers()) > 2:
        pytest.skip('this machine has it')
    with pytest.raises(ConfigurationError, match=f'^provider {provider}: expected an ONNX Run'
                       'time with .*, found one with .*: install onnxruntime-gpu$'):
        create_engine(tiny_bundle, 'onnx', provider=provider)


def test_torch_without_a_gpu(tiny_bundle):
    if torch.cuda.is_available():
        assert create_engine(tiny_bundle, 'torch', provider='cuda').name == 'torch cuda float32'
    else:
        with pytest.raises(ConfigurationError, match='^provider cuda: expected a GPU'):
            create_engine(tiny_bundle, 'torch', provider='cuda')


def test_bfloat16_where_the_processor_has_it(tiny_bundle, engines):
    openvino = pytest.importorskip('openvino')
    if 'BF16' not in openvino.Core().get_property('CPU', 'OPTIMIZATION_CAPABILITIES'):
        with pytest.raises(ConfigurationError, match='^precision bfloat16: expected a processor'):
            create_engine(tiny_bundle, 'openvino', precision='bfloat16')
        return
    batch = images(engines['onnx'], 5)
    found = create_engine(tiny_bundle, 'openvino', precision='bfloat16').describe(batch)
    assert (found * engines['onnx'].describe(batch)).sum(axis=1).min() > 0.99


def test_auto_takes_the_next_where_one_is_missing(tiny_bundle, unexported_bundle, without):
    pytest.importorskip('openvino')
    assert create_engine(tiny_bundle, 'auto').name == 'openvino cpu float32'
    without('openvino', 'openvino_engine')
    assert create_engine(tiny_bundle, 'auto').name == 'onnx cpu float32'
    assert create_engine(unexported_bundle, 'auto').name == 'torch cpu float32'
