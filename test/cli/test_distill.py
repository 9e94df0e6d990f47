# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command distill: what it says of mistakes."""

import pytest

from structvpr_ros.cli.distill import main


def run(monkeypatch, *arguments) -> int:
    monkeypatch.setattr('sys.argv', ['distill', *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


@pytest.mark.parametrize('flags, told', [
    (['--group', 'd5'], 'group'), (['--rank_threshold', '0'], 'rank_threshold'),
    (['--strength', '-1'], 'strength'), ([], 'expected a model bundle')])
def test_a_mistake_is_one_line(monkeypatch, capsys, tmp_path, flags, told):
    code = run(monkeypatch, '--dataset', tmp_path, '--output', tmp_path / 'out', '--teacher',
               tmp_path / 'seg', '--student', tmp_path / 'rgb', *flags)
    assert code == 2
    line = capsys.readouterr().err
    assert line.startswith('distill: error: ') and line.count('\n') == 1 and told in line
    assert not (tmp_path / 'out').exists()


def test_both_bundles_are_required(monkeypatch, capsys, tmp_path):
    assert run(monkeypatch, '--dataset', tmp_path, '--output', tmp_path / 'out') == 2
    assert 'teacher' in capsys.readouterr().err
