# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command export: its flag, its exit codes, its one line."""

import shutil

import pytest

from structvpr_ros.cli.export import main
from structvpr_ros.models.card import ONNX


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr('sys.argv', ['export', *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


def test_a_bundle_is_exported(monkeypatch, unexported_bundle, tmp_path):
    bundle = shutil.copytree(unexported_bundle, tmp_path / 'rgb')
    assert run(monkeypatch, '--model', str(bundle)) == 0
    assert (bundle / ONNX).is_file()


def test_a_mistake_is_one_line(monkeypatch, capsys, tmp_path):
    assert run(monkeypatch, '--model', str(tmp_path)) == 2
    line = capsys.readouterr().err
    assert line.startswith('export: error: ') and line.count('\n') == 1
    assert 'expected a model bundle' in line


def test_the_model_is_required(monkeypatch, capsys):
    assert run(monkeypatch) == 2
    assert capsys.readouterr().err.count('\n') == 1
