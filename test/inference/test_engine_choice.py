# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What is chosen of what fits, without any engine."""

import itertools
from typing import get_args

import pytest

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference import engine_choice
from structvpr_ros.inference.engine_choice import (candidates, CHOICES, EngineKind, Precision,
                                                   Provider)
from structvpr_ros.models.card import ModelCard, ONNX, ONNX_INT8, WEIGHTS


@pytest.fixture(autouse=True)
def vnni(monkeypatch):
    """Let the processor multiply bytes, or not."""
    def set_to(fast: bool) -> None:
        monkeypatch.setattr(engine_choice, 'multiplies_bytes_fast', lambda: fast)
    set_to(True)
    return set_to


def card(*files: str) -> ModelCard:
    return ModelCard('rgb', 'b', 'a', 3, (4, 4), 8, (0.0,) * 3, (1.0,) * 3,
                     files=dict.fromkeys(files, ''))


QUANTISED = card(WEIGHTS, ONNX, ONNX_INT8)


def names(*request) -> list[str]:
    return [str(choice) for choice in candidates(*request)]


def test_auto_prefers_the_gpu_then_openvino_then_int8():
    found = names(QUANTISED, 'auto', 'auto', 'auto')
    assert found[:2] == ['onnx cuda float32', 'openvino cpu int8']
    assert found[-1] == 'torch cpu float32'
    assert not any('tensorrt' in name for name in found)


def test_only_what_the_bundle_holds():
    assert not any('int8' in name for name in names(card(WEIGHTS, ONNX), 'auto', 'auto', 'auto'))
    assert names(card(WEIGHTS), 'auto', 'cpu', 'auto') == ['torch cpu float32']


def test_int8_is_unasked_only_where_it_is_fast(vnni):
    vnni(False)
    assert names(QUANTISED, 'onnx', 'cpu', 'auto') == ['onnx cpu float32']
    assert names(QUANTISED, 'onnx', 'cpu', 'int8') == ['onnx cpu int8']


def test_tensorrt_is_asked_for_by_name():
    assert names(QUANTISED, 'onnx', 'tensorrt', 'auto') == ['onnx tensorrt float32']
    assert names(QUANTISED, 'auto', 'tensorrt', 'auto') == ['onnx tensorrt float32']


def test_what_is_lacking_is_tried_so_that_it_is_told():
    assert names(card(), 'auto', 'cpu', 'auto') == ['openvino cpu float32']
    assert names(card(WEIGHTS, ONNX), 'onnx', 'cpu', 'int8') == ['onnx cpu int8']


@pytest.mark.parametrize('request_of', list(itertools.product(*map(get_args, (
    EngineKind, Provider, Precision)))))
def test_a_request_is_followed_or_refused(request_of):
    fits = [choice for choice in CHOICES if all(
        asked in ('auto', told) for asked, told in zip(
            request_of, (choice.kind, choice.provider, choice.precision)))]
    if fits:
        assert set(candidates(QUANTISED, *request_of)) <= set(fits)
    else:
        with pytest.raises(ConfigurationError, match='no engine is'):
            candidates(QUANTISED, *request_of)


@pytest.mark.parametrize(('request_of', 'told'), [
    (('x', 'cpu', 'int8'), "an engine of auto, onnx, openvino, torch, found 'x'"),
    (('onnx', 'x', 'int8'), "a provider of auto, cpu, cuda, tensorrt, found 'x'"),
    (('onnx', 'cpu', 'x'), "a precision of auto, float32, bfloat16, int8, found 'x'")])
def test_unknown_names(request_of, told):
    with pytest.raises(ConfigurationError, match=told):
        candidates(QUANTISED, *request_of)
