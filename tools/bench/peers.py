# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""(c) Trunks of other systems, of random weights, beside our network; in the same rounds."""

import io
from typing import Any, Callable, Mapping
import warnings

from in_turn import in_turn, summary
import numpy as np
from quiet_session import quiet_session
import torch
import torchvision

from structvpr_ros.inference.engine import Engine

# Trunk -> whose it is, its network, and height and width of what that system is run on.
_PEERS: dict[str, tuple[Callable[[], torch.nn.Module], tuple[int, int]]] = {
    'VGG16 640x480 (NetVLAD)': (lambda: torchvision.models.vgg16(weights=None).features,
                                (480, 640)),
    'ResNet18 640x480 (CosPlace)': (lambda: _trunk(torchvision.models.resnet18), (480, 640)),
    'ResNet50 320x320 (MixVPR)': (lambda: _trunk(torchvision.models.resnet50), (320, 320)),
}


def peers(engines: Mapping[str, Engine], seconds: float) -> dict[str, dict[str, Any]]:
    """
    Return times of our engines and of the trunks in each runtime that is installed.

    Trunks that come with timm are measured where it is installed.
    """
    card = next(iter(engines.values())).card
    image = np.zeros((1, *card.input_size, 3), np.uint8)
    runs: dict[str, Callable[[], object]] = {
        f'ours {name}': lambda engine=engine: engine.describe(image)
        for name, engine in engines.items()}
    for name, (make, shape) in {**_PEERS, **_of_timm()}.items():
        runs.update(_runtimes(name, make().eval(), shape))
    return {name: summary(taken) for name, taken in
            in_turn(runs, seconds, "peers' trunks", least=2).items()}


def ratios(measured: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return how many times as long as ours each trunk takes: in its runtime, and at our best."""
    ours = {name.removeprefix('ours '): row['p50_ms'] for name, row in measured.items()
            if name.startswith('ours ')}
    table = {}
    for name, row in measured.items():
        if not name.startswith('ours '):
            runtime = name.rpartition(', ')[2]
            same = ours.get(f'{runtime} cpu float32', np.nan)
            table[name] = {'same_runtime': row['p50_ms'] / same,
                           'our_best': row['p50_ms'] / min(ours.values())}
    return table


def _runtimes(name: str, network: torch.nn.Module,
              shape: tuple[int, int]) -> dict[str, Callable[[], object]]:
    example = torch.zeros(1, 3, *shape)
    graph = _exported(network, example)
    session = quiet_session(graph)
    runs: dict[str, Callable[[], object]] = {
        f'{name}, torch': lambda: _eager(network, example),
        f'{name}, onnx': lambda: session.run(None, {'image': example.numpy()})}
    try:
        import openvino
    except ModuleNotFoundError:
        return runs
    core = openvino.Core()
    request = core.compile_model(core.read_model(io.BytesIO(graph)), 'CPU', {
        'PERFORMANCE_HINT': 'LATENCY', 'INFERENCE_PRECISION_HINT': 'f32'}).create_infer_request()
    runs[f'{name}, openvino'] = lambda: request.infer({'image': example.numpy()})
    return runs


def _eager(network: torch.nn.Module, example: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return network(example)


def _exported(network: torch.nn.Module, example: torch.Tensor) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        torch.onnx.export(network, (example,), stream, dynamo=False, opset_version=17,
                          input_names=['image'])
    return stream.getvalue()


def _trunk(make: Callable[..., torch.nn.Module]) -> torch.nn.Module:
    return torch.nn.Sequential(*list(make(weights=None).children())[:-2])


def _of_timm() -> dict[str, tuple[Callable[[], torch.nn.Module], tuple[int, int]]]:
    try:
        import timm
    except ModuleNotFoundError:
        return {}
    return {'ViT-B/14 322x322 (SALAD)': (
        lambda: timm.create_model('vit_base_patch14_dinov2', pretrained=False, img_size=322,
                                  num_classes=0), (322, 322))}
