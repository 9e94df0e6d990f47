# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command map: its subcommands, and mistakes told in one line."""

import pytest

from structvpr_ros.cli.map import main, STAGES
from structvpr_ros.place_map.place_map import PlaceMap


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr('sys.argv', ['map', *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code, *capsys.readouterr()
    return run


def test_a_map_lives(run, tiny_dataset, tiny_bundle, tiny_map, tmp_path):
    night = tmp_path / 'both'
    code, out, _ = run('info', '--map', tiny_map)
    assert code == 0 and 'condition day: 6 images' in out
    assert run('merge', '--maps', f'[{tiny_map}, {tiny_map}]', '--output', night)[0] == 0
    assert run('add', '--dataset', tiny_dataset, '--model', tiny_bundle, '--output', night,
               '--condition', 'night')[0] == 0
    assert len(PlaceMap.open(night)) == 12
    assert run('remove', '--map', night, '--condition', 'day')[0] == 0
    code, out, _ = run('check', '--map', night)
    assert code == 0 and '6 images of 6 places, no fault' in out
    assert run('export', '--map', night, '--output', tmp_path / 'exported')[0] == 0
    assert (tmp_path / 'exported' / 'frames.csv').is_file()


@pytest.mark.parametrize(('arguments', 'told'), [
    ((), f"expected one of {', '.join(STAGES)}, found ''"),
    (('fold',), "found 'fold'"),
    (('info', '--map', '/nowhere'), 'map info: error: /nowhere/map.yaml: expected a place map'),
    (('remove', '--map', '/nowhere'), 'expected a condition, place or source'),
    (('merge', '--maps', '[/nowhere]', '--output', '/nowhere'), 'two maps or more'),
    (('check',), 'map')])
def test_a_mistake_is_one_line(run, arguments, told):
    code, out, err = run(*arguments)
    assert code == 2 and out == ''
    assert told in err and err.count('\n') == 1


def test_help_tells_what_there_is(run):
    code, out, _ = run('--help')
    assert code == 0
    assert out.count('\n') == len(STAGES) and 'map remove: Take images out of a map' in out
