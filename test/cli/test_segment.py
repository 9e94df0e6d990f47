# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command segment: exit codes, and one line for a mistake."""

from pathlib import Path
import sys
from typing import Callable

import cv2
import numpy as np
import pytest

from structvpr_ros.cli.segment import main


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    (tmp_path / 'images').mkdir()
    cv2.imwrite(str(tmp_path / 'images' / 'a.png'), np.zeros((32, 48, 3), np.uint8))
    (tmp_path / 'places.csv').write_text('image,place\na.png,p\n')
    return tmp_path


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return a function that runs the command within this process and gives its exit code."""
    def call_main(*argv: object) -> int:
        monkeypatch.setattr(sys, 'argv', ['segment', *map(str, argv)])
        with pytest.raises(SystemExit) as caught:
            main()
        return caught.value.code

    return call_main


def test_a_torchvision_network_with_own_weights(dataset: Path,
                                                call: Callable[..., int]) -> None:
    torch = pytest.importorskip('torch')
    models = pytest.importorskip('torchvision').models
    torch.manual_seed(0)
    network = models.get_model('lraspp_mobilenet_v3_large', weights=None, weights_backbone=None,
                               num_classes=12)
    torch.save(network.state_dict(), dataset / 'weights.pth')
    assert call('--dataset', dataset, '--model', 'torchvision:lraspp_mobilenet_v3_large',
                '--weights', dataset / 'weights.pth', '--label_set', 'camvid') == 0
    labels = cv2.imread(str(dataset / 'labels' / 'a.png'), cv2.IMREAD_UNCHANGED)
    assert labels.shape == (32, 48) and labels.dtype == np.uint8 and labels.max() < 12


@pytest.mark.parametrize('flag, value, part', [
    ('--model', 'no_such.onnx', 'no_such.onnx'), ('--model', 'model.h5', "found 'model.h5'"),
    ('--model', 'torchvision:lraspp_mobilenet_v3_large', '--weights'),
    ('--model', 'text.onnx', 'ONNX Runtime cannot load it'),
    ('--std', '[1, 0, 1]', 'positive std'), ('--input_size', '7', 'input_size'),
    ('--label_set', 'camvit', "'camvit'"), ('--dataset', 'nowhere', 'nowhere')])
def test_a_mistake_is_one_line(
        dataset: Path, call: Callable[..., int], flag: str, value: str, part: str,
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.chdir(dataset)
    Path('text.onnx').write_text('not a model')
    code = call('--dataset', dataset, '--model', 'no_such.onnx', '--label_set', 'camvid',
                flag, value)
    printed = capsys.readouterr()
    assert code == 2 and printed.out == ''
    assert printed.err.startswith('segment: error: ') and part in printed.err
    assert printed.err.count('\n') == 1


def test_help_says_why_torchvisions_own_weights_are_not_offered(
        call: Callable[..., int], capsys: pytest.CaptureFixture) -> None:
    assert call('--help') == 0
    assert 'no building' in ' '.join(capsys.readouterr().out.split())
