# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A file or folder is written whole or not at all."""

import os
from pathlib import Path
import signal
import subprocess
import sys

import pytest

from structvpr_ros import storage
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.storage import changing_folder, replacing_file, replacing_folder


def test_file_appears_only_when_whole(tmp_path: Path) -> None:
    target = tmp_path / 'deep' / 'note.txt'
    with replacing_file(target) as aside:
        assert aside.suffix == '.txt'
        aside.write_text('new')
        assert not target.exists()
    assert target.read_text() == 'new'
    assert [path.name for path in target.parent.iterdir()] == ['note.txt']


def test_file_failure_keeps_the_old_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / 'note.txt'
    target.write_text('old')
    with pytest.raises(KeyboardInterrupt), replacing_file(target) as aside:
        aside.write_text('half')
        raise KeyboardInterrupt
    assert target.read_text() == 'old'
    assert [path.name for path in tmp_path.iterdir()] == ['note.txt']


def test_file_has_the_permissions_of_the_umask(tmp_path: Path) -> None:
    ordinary, ours = tmp_path / 'ordinary', tmp_path / 'ours'
    ordinary.write_text('')
    with replacing_file(ours) as aside:
        aside.write_text('')
    assert ours.stat().st_mode == ordinary.stat().st_mode


def test_folder_replaces_one_of_its_kind(tmp_path: Path) -> None:
    target = tmp_path / 'map'
    for text in ('first', 'second'):
        with replacing_folder(target, 'map.yaml') as aside:
            (aside / 'map.yaml').write_text(text)
    assert (target / 'map.yaml').read_text() == 'second'
    assert [path.name for path in tmp_path.iterdir()] == ['map']


def test_folder_failure_keeps_the_old(tmp_path: Path) -> None:
    target = tmp_path / 'map'
    target.mkdir()
    (target / 'map.yaml').write_text('old')
    with pytest.raises(RuntimeError), replacing_folder(target, 'map.yaml') as aside:
        (aside / 'map.yaml').write_text('half')
        raise RuntimeError
    assert (target / 'map.yaml').read_text() == 'old'
    assert [path.name for path in tmp_path.iterdir()] == ['map']


@pytest.mark.parametrize('kind', ['strangers', 'file'])
def test_folder_never_replaces_something_else(tmp_path: Path, kind: str) -> None:
    target = tmp_path / 'photos'
    if kind == 'file':
        target.write_text('precious')
    else:
        target.mkdir()
        (target / 'holiday.jpg').write_text('precious')
    with pytest.raises(ConfigurationError, match='photos exists and is not'):
        with replacing_folder(target, 'map.yaml'):
            pytest.fail('must refuse before any work')
    assert target.exists()


def test_kill_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / 'note.txt'
    target.write_text('old')
    script = (
        'import os, signal, sys\n'
        'from pathlib import Path\n'
        'from structvpr_ros.storage import replacing_file\n'
        'with replacing_file(Path(sys.argv[1])) as aside:\n'
        '    aside.write_text("half")\n'
        '    os.kill(os.getpid(), signal.SIGKILL)\n')
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(filter(None, sys.path))}
    killed = subprocess.run([sys.executable, '-c', script, str(target)], env=environment)
    assert killed.returncode == -signal.SIGKILL
    assert target.read_text() == 'old'


def test_folder_is_never_missing_while_it_is_replaced(tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    # Where two renames are needed, the fallback does what it can.
    for exchange in (storage._exchange, lambda first, second: False):
        monkeypatch.setattr(storage, '_exchange', exchange)
        target = tmp_path / 'map'
        for text in ('first', 'second'):
            with replacing_folder(target, 'map.yaml') as aside:
                (aside / 'map.yaml').write_text(text)
        assert (target / 'map.yaml').read_text() == 'second'
        assert [path.name for path in tmp_path.iterdir()] == ['map']


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / 'real').mkdir()
    (tmp_path / 'map').symlink_to('real')
    with replacing_folder(tmp_path / 'map', 'map.yaml') as aside:
        (aside / 'map.yaml').write_text('new')
    assert (tmp_path / 'map').is_symlink()
    assert (tmp_path / 'real' / 'map.yaml').read_text() == 'new'


def test_what_a_kill_left_is_removed_and_what_others_write_is_not(tmp_path: Path) -> None:
    script = (
        'import os, signal, sys\n'
        'from pathlib import Path\n'
        'from structvpr_ros.storage import replacing_folder\n'
        'with replacing_folder(Path(sys.argv[1]), "map.yaml") as aside:\n'
        '    (aside / "map.yaml").write_text("half")\n'
        '    os.kill(os.getpid(), signal.SIGKILL)\n')
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(filter(None, sys.path))}
    target = tmp_path / 'map'
    subprocess.run([sys.executable, '-c', script, str(target)], env=environment)
    assert len(list(tmp_path.iterdir())) == 1
    with replacing_folder(target, 'map.yaml') as other:
        with replacing_folder(target, 'map.yaml') as aside:
            (aside / 'map.yaml').write_text('whole')
            assert sorted(tmp_path.iterdir()) == sorted([other, aside])
        (other / 'map.yaml').write_text('later')
    assert [path.name for path in tmp_path.iterdir()] == ['map']
    assert (target / 'map.yaml').read_text() == 'later'


def test_one_process_changes_a_folder_at_a_time(tmp_path: Path) -> None:
    target = tmp_path / 'map'
    with pytest.raises(ConfigurationError, match='expected a folder, found none'):
        with changing_folder(target):
            pytest.fail('there is nothing to change')
    target.mkdir()
    (target / 'map.yaml').write_text('')
    with changing_folder(target):
        with pytest.raises(ConfigurationError, match='another process is changing it'):
            with changing_folder(target):
                pytest.fail('it is being changed')
        with replacing_folder(target, 'map.yaml') as aside:
            (aside / 'map.yaml').write_text('new')
    with changing_folder(target):
        assert (target / 'map.yaml').read_text() == 'new'


def test_many_processes_write_one_folder(tmp_path: Path) -> None:
    script = (
        'import sys\n'
        'from pathlib import Path\n'
        'from structvpr_ros.storage import replacing_folder\n'
        'for _ in range(100):\n'
        '    with replacing_folder(Path(sys.argv[1]), "map.yaml") as aside:\n'
        '        (aside / "map.yaml").write_text(sys.argv[2])\n')
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(filter(None, sys.path))}
    target = tmp_path / 'map'
    writers = [subprocess.Popen([sys.executable, '-c', script, str(target), str(number)],
                                env=environment) for number in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert (target / 'map.yaml').read_text() in '012'
    assert [path.name for path in tmp_path.iterdir()] == ['map']
