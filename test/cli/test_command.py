# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The frame of all commands: flags, YAML, one-line mistakes, exit codes."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from structvpr_ros.cli.command import EXIT_INTERRUPTED, EXIT_MISTAKE, run
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.errors import DatasetError


@dataclass(frozen=True)
class Options:
    """
    Options of a command.

    :param dataset: a place data set.
    :param size: height and width.
    """

    dataset: Path
    size: tuple[int, int] = (120, 160)
    proximity: Proximity = field(default_factory=Proximity)


def call(argv: list[str], stage=lambda options: None) -> int:
    try:
        return run('try_it', stage, Options, argv)
    except SystemExit as exit_:
        return exit_.code


def test_flags_become_the_dataclass() -> None:
    seen = []
    argv = ['--dataset', 'town', '--size', '[60, 80]', '--proximity.positive_radius', '5']
    assert call(argv, seen.append) == 0
    assert seen == [Options(Path('town'), (60, 80), Proximity(positive_radius=5))]


def test_yaml_gives_the_same_names_and_flags_win(tmp_path: Path) -> None:
    (tmp_path / 'try.yaml').write_text('dataset: from_yaml\nsize: [30, 40]\n')
    seen = []
    assert call(['--config', str(tmp_path / 'try.yaml'), '--dataset', 'flag'], seen.append) == 0
    assert seen == [Options(Path('flag'), (30, 40))]


@pytest.mark.parametrize('argv, part', [
    ([], 'dataset'),
    (['--dataset', 'x', '--size', 'wide'], 'size'),
    (['--dataset', 'x', '--colour', 'red'], 'colour'),
    (['--dataset', 'x', '--config', 'no_such.yaml'], 'no_such.yaml'),
    (['--dataset', 'x', '--proximity.positive_radius', '99'], 'positive_radius'),
])
def test_a_mistake_is_one_line(argv: list[str], part: str, capsys: pytest.CaptureFixture) -> None:
    assert call(argv) == EXIT_MISTAKE
    printed = capsys.readouterr()
    assert printed.out == ''
    assert printed.err.count('\n') == 1
    assert printed.err.startswith('try_it: error: ')
    assert part in printed.err


def test_an_error_of_the_stage_is_one_line(capsys: pytest.CaptureFixture) -> None:
    def stage(options: Options) -> None:
        raise DatasetError('expected this,\n  found that')

    assert call(['--dataset', 'x'], stage) == EXIT_MISTAKE
    assert capsys.readouterr().err == 'try_it: error: expected this, found that\n'


def test_what_a_stage_returns_is_told(capsys: pytest.CaptureFixture) -> None:
    assert run('try_it', lambda options: options.size, Options, ['--dataset', 'x'],
               tell=lambda size: f'{size[0]} high') == 0
    assert capsys.readouterr().out == '120 high\n'


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        call(['--dataset', 'x'], lambda options: 1 / 0)


def test_interruption_has_its_own_code(capsys: pytest.CaptureFixture) -> None:
    def stage(options: Options) -> None:
        raise KeyboardInterrupt

    assert call(['--dataset', 'x'], stage) == EXIT_INTERRUPTED
    assert capsys.readouterr().err == 'try_it: error: interrupted\n'
