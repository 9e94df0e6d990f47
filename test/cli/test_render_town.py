# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command render_town: exit codes, and one line for a mistake."""

from pathlib import Path
import sys

import pytest

from structvpr_ros.cli.render_town import main
from structvpr_ros.data.folder import read_place_dataset


def call(monkeypatch: pytest.MonkeyPatch, *argv: object) -> int:
    monkeypatch.setattr(sys, 'argv', ['render_town', *map(str, argv)])
    with pytest.raises(SystemExit) as caught:
        main()
    return caught.value.code


def test_it_renders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = call(monkeypatch, '--output', tmp_path / 'town', '--size', '[24, 32]', '--train_places',
                1, '--val_places', 1, '--test_places', 1, '--conditions', '[fog]',
                '--jitter.yaw', 0, '--workers', 1)
    assert code == 0
    table = read_place_dataset(tmp_path / 'town')
    assert sorted(set(table.conditions)) == ['fog', 'sunny'] and len(table) == 5


@pytest.mark.parametrize('flag, value, part', [
    ('--size', '[4, 8]', '16 x 16'), ('--size', 'large', 'size'), ('--seed', '-1', 'seed >= 0'),
    ('--conditions', '[hail]', 'hail'), ('--jitter.yaw', '3', 'yaw 0.35'),
    ('--train_places', '0', 'train_places 0'), ('--weather', 'fine', 'weather')])
def test_a_mistake_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flag: str,
                               value: str, part: str, capsys: pytest.CaptureFixture) -> None:
    code = call(monkeypatch, '--output', tmp_path / 'town', flag, value)
    printed = capsys.readouterr()
    assert code == 2 and printed.out == ''
    assert printed.err.startswith('render_town: error: ') and part in printed.err
    assert printed.err.count('\n') == 1
    assert not (tmp_path / 'town').exists()
