# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The quantised variant: made, near float32, judged by R@1, kept or refused; and run."""

from dataclasses import replace
import shutil

import numpy as np
import onnx
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.errors import DatasetError, ModelError
from structvpr_ros.inference.comparison import ask, compare, Comparison, Question
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.inference.export import export, ExportOptions
from structvpr_ros.inference.quantized_graph import quantized_graph
from structvpr_ros.models.card import ModelCard, ONNX, ONNX_INT8, WEIGHTS


@pytest.fixture(scope='module')
def bundle(unexported_bundle, tiny_dataset, tmp_path_factory):
    """Give a bundle with its quantised variant; read-only."""
    folder = tmp_path_factory.mktemp('quantised') / 'rgb'
    shutil.copytree(unexported_bundle, folder)
    # Random weights have nothing to lose that a test could rely on.
    export(ExportOptions(folder, tiny_dataset, max_recall_loss=100.0))
    return folder


def probes(bundle, count: int = 6) -> np.ndarray:
    size = ModelCard.load(bundle).input_size
    return np.random.default_rng(0).integers(0, 256, (count, *size, 3), np.uint8)


def test_the_card_lists_and_scores_it(bundle):
    card = ModelCard.load(bundle)
    assert set(card.files) == {WEIGHTS, ONNX, ONNX_INT8}
    assert {'int8 cosine', 'int8 R@1', 'float32 R@1'} <= set(card.scores)
    assert (bundle / ONNX_INT8).stat().st_size < (bundle / ONNX).stat().st_size / 2


def test_only_the_backbone_is_quantised(bundle):
    nodes = onnx.load(bundle / ONNX_INT8).graph.node
    weighted = [node for node in nodes if node.op_type == 'Conv']
    assert weighted and all(node.input[1].endswith('_DequantizeLinear_Output')
                            for node in weighted if '/backbone/' in node.name)
    made = {name for node in nodes if node.op_type == 'DequantizeLinear' for name in node.output}
    tail = [node for node in nodes if '/aggregator/' in node.name]
    assert tail and not any(node.op_type.endswith('QuantizeLinear') for node in tail)
    assert made


@pytest.mark.parametrize('kind', ['onnx', 'openvino'])
def test_the_engines_run_it(bundle, kind):
    if kind == 'openvino':
        pytest.importorskip(kind)
    engine = create_engine(bundle, kind, precision='int8')
    assert engine.name == f'{kind} cpu int8'
    plain = create_engine(bundle).describe(probes(bundle))
    found = engine.describe(probes(bundle))
    assert (plain * found).sum(axis=1).min() > 0.9
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-4)


def test_exporting_float32_again_keeps_it(bundle, tmp_path):
    folder = shutil.copytree(bundle, tmp_path / 'rgb')
    export(ExportOptions(folder))
    assert ModelCard.load(folder) == ModelCard.load(bundle)


def test_what_loses_too_much_is_not_kept(unexported_bundle, tiny_dataset, tmp_path):
    folder = shutil.copytree(unexported_bundle, tmp_path / 'rgb')
    with pytest.raises(ModelError, match='int8 loses .* points of R@1, expected at most -101'):
        export(ExportOptions(folder, tiny_dataset, max_recall_loss=-101.0))
    assert not (folder / ONNX_INT8).exists()
    assert set(ModelCard.load(folder).files) == {WEIGHTS, ONNX}


def test_a_network_of_other_names_is_refused(bundle, tmp_path):
    model = onnx.load(bundle / ONNX)
    for node in model.graph.node:
        node.name = ''
    onnx.save(model, tmp_path / ONNX)
    with pytest.raises(ModelError, match='expected nodes named'):
        quantized_graph(tmp_path / ONNX, probes(bundle))


def table(dataset, splits):
    return replace(read_place_dataset(dataset), splits=splits)


def test_the_queries_are_those_of_the_splits(tiny_dataset):
    plain = read_place_dataset(tiny_dataset)
    question = ask(plain)
    assert set(question.queries.splits) == {'test_query'}
    assert set(question.database.splits) == {'test_map'}
    whole = ask(replace(plain, splits=('',) * len(plain)))
    assert len(whole.queries) == len(whole.database) == len(plain)


def test_nobody_shows_the_same_place(tiny_dataset):
    plain = read_place_dataset(tiny_dataset).select('test_map')
    alone = replace(plain, splits=('',) * len(plain))
    with pytest.raises(DatasetError, match='expected images that show the same place'):
        ask(alone)


def test_the_comparison_against_a_slow_one(tiny_dataset):
    question = ask(read_place_dataset(tiny_dataset))
    rng = np.random.default_rng(0)

    def unit(count):
        vectors = rng.normal(size=(count, 4)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    old, new = ([unit(len(part)) for part in (question.queries, question.database)]
                for _ in range(2))

    def recall(queries, database):
        hits = [max(range(len(database)), key=lambda row, query=query: query @ database[row])
                in right for query, right in zip(queries, question.right)]
        return 100 * np.mean(hits)

    found = compare(question, tuple(old), tuple(new))
    cosines = [one @ other for one, other in zip(np.concatenate(old), np.concatenate(new))]
    assert found.mean_cosine == pytest.approx(np.mean(cosines))
    assert found.least_cosine == pytest.approx(np.min(cosines))
    assert found.before == pytest.approx(recall(*old))
    assert found.mixed == pytest.approx(recall(new[0], old[1]))
    assert found.after == pytest.approx(recall(*new))


def test_nobody_finds_itself(tiny_dataset):
    plain = read_place_dataset(tiny_dataset)
    question = ask(replace(plain, splits=('',) * len(plain)))
    assert isinstance(question, Question)
    eye = np.eye(len(plain), dtype=np.float32)
    assert compare(question, (eye, eye), (eye, eye)).before < 100


def test_the_loss_is_that_of_the_worse_use():
    assert Comparison(9, 9, 1.0, 1.0, 80.0, 79.0, 79.5).loss == 1.0
    assert 'R@1 of 9 queries 80.0 %' in str(Comparison(9, 9, 1.0, 1.0, 80.0, 79.0, 79.5))
