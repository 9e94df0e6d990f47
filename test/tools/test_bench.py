# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The bench: what it counts against known numbers, and a short one for real."""

from importlib.util import module_from_spec, spec_from_file_location
import json
import os
from pathlib import Path
import subprocess
import sys

import numpy as np
import pytest

BENCH = Path(__file__).resolve().parents[2] / 'tools' / 'bench'


@pytest.fixture
def load(monkeypatch):
    """Give a function that imports a file of the bench."""
    monkeypatch.syspath_prepend(str(BENCH))

    def load_file(name):
        spec = spec_from_file_location(f'bench_{name}', BENCH / f'{name}.py')
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    return load_file


def test_all_are_called_in_turn(load):
    calls = []
    taken = load('in_turn').in_turn(
        {name: lambda name=name: calls.append(name) for name in 'abc'}, 0.0, 'test', least=4)
    assert calls == list('abc') * 5  # the first round does not count
    assert {name: len(times) for name, times in taken.items()} == dict.fromkeys('abc', 4)


def test_a_summary_is_in_milliseconds(load):
    told = load('in_turn').summary([0.001, 0.002, 0.003])
    assert (told['min_ms'], told['p50_ms'], told['count']) == (pytest.approx(1), 2, 3)
    assert np.isnan(load('in_turn').summary([])['p99_ms'])


def test_multiplications_are_those_of_a_network_by_hand(load, tmp_path):
    import torch
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, 2, 1), torch.nn.Conv2d(8, 8, 3, 1, 1, groups=8),
        torch.nn.Flatten(), torch.nn.Linear(8 * 4 * 4, 5))
    path = tmp_path / 'network.onnx'
    torch.onnx.export(network, (torch.zeros(1, 3, 8, 8),), path, dynamo=False,
                      input_names=['image'])
    expected = 8 * 4 * 4 * 27 + 8 * 4 * 4 * 9 + 8 * 4 * 4 * 5
    image = np.zeros((1, 3, 8, 8), np.float32)
    assert load('limit').multiplications(path, image) == expected


def test_ratios_compare_within_a_runtime_and_to_the_best(load):
    rows = {'ours onnx cpu float32': {'p50_ms': 10.0}, 'ours openvino cpu int8': {'p50_ms': 5.0},
            'VGG16, onnx': {'p50_ms': 100.0}, 'VGG16, torch': {'p50_ms': 200.0}}
    found = load('peers').ratios(rows)
    assert found['VGG16, onnx'] == {'same_runtime': 10.0, 'our_best': 20.0}
    assert found['VGG16, torch']['our_best'] == 40.0


@pytest.mark.slow
def test_a_quick_bench(tmp_path):
    pytest.importorskip('rclpy', reason='needs ROS 2')
    environment = {'AMENT_PREFIX_PATH': sys.prefix, **os.environ,
                   'PYTHONPATH': str(BENCH.parents[1])}
    done = subprocess.run(
        [sys.executable, BENCH, '--quick', '--places', '500', '--output', tmp_path],
        env=environment, text=True, capture_output=True, timeout=500)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / 'bench.json').read_text())
    assert {'stages', 'limit', 'peers', 'ratios', 'footprint', 'build_map', 'slme',
            'end_to_end'} <= set(result)
    assert 'onnx cpu int8' in result['engines']
    assert result['limit']['macs'] > 1e8
    assert not any(told['heavy'] for told in result['footprint'].values())
    assert len(result['end_to_end']['rates']) == 10
    assert done.stdout == (tmp_path / 'bench.txt').read_text()
