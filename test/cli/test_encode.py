# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command encode: exit codes, and one line for a mistake."""

from pathlib import Path
import subprocess
import sys
from typing import Callable

import cv2
import numpy as np
import pytest

from structvpr_ros.cli.encode import main


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    for folder, pixels in (('images', np.zeros((12, 16, 3), np.uint8)),
                           ('labels', np.full((12, 16), 3, np.uint8))):
        (tmp_path / folder).mkdir()
        cv2.imwrite(str(tmp_path / folder / 'a.png'), pixels)
    (tmp_path / 'places.csv').write_text('image,place\na.png,p\n')
    return tmp_path


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return a function that runs the command within this process and gives its exit code."""
    def call_main(*argv: object) -> int:
        monkeypatch.setattr(sys, 'argv', ['encode', *map(str, argv)])
        with pytest.raises(SystemExit) as caught:
            main()
        return caught.value.code

    return call_main


def test_it_encodes_in_its_own_process(dataset: Path) -> None:
    command = [sys.executable, '-m', 'structvpr_ros.cli.encode', '--dataset', str(dataset),
               '--label_set', 'camvid', '--size', '[6, 8]']
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0 and result.stdout == ''
    assert '1 group maps in' in result.stderr
    assert (dataset / 'slme' / 'groups' / 'a.png').is_file()


@pytest.mark.parametrize('flag, value, part', [
    ('--label_set', 'camvit', "'camvit'"), ('--size', '[0, 8]', 'at least 1 x 1'),
    ('--size', 'small', 'size'), ('--dataset', 'nowhere', 'nowhere'),
    ('--colour', 'red', 'colour')])
def test_a_mistake_is_one_line(dataset: Path, call: Callable[..., int], flag: str, value: str,
                               part: str, capsys: pytest.CaptureFixture) -> None:
    code = call('--dataset', dataset, '--label_set', 'camvid', flag, value)
    printed = capsys.readouterr()
    assert code == 2 and printed.out == ''
    assert printed.err.startswith('encode: error: ') and part in printed.err
    assert printed.err.count('\n') == 1


def test_help_names_the_flags(call: Callable[..., int], capsys: pytest.CaptureFixture) -> None:
    assert call('--help') == 0
    printed = capsys.readouterr().out
    for flag in ('--dataset', '--label_set', '--output', '--size', '--workers'):
        assert flag in printed
