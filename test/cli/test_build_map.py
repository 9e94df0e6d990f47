# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command build_map: its flags, its exit codes, its one line."""

import numpy as np
import pytest

from structvpr_ros.cli.build_map import main
from structvpr_ros.place_map.place_map import PlaceMap


def run(monkeypatch, *arguments) -> int:
    monkeypatch.setattr('sys.argv', ['build_map', *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


def test_a_map_is_built(monkeypatch, tiny_dataset, tiny_bundle, tmp_path):
    assert run(monkeypatch, '--dataset', tiny_dataset, '--model', tiny_bundle,
               '--output', tmp_path / 'map', '--condition', 'day') == 0
    assert len(PlaceMap.open(tmp_path / 'map')) == 6


def test_flags_from_a_file(monkeypatch, tiny_dataset, tiny_bundle, tmp_path):
    (tmp_path / 'flags.yaml').write_text(
        f'dataset: {tiny_dataset}\nmodel: {tiny_bundle}\noutput: {tmp_path / "map"}\n'
        'engine: torch\nframe_id: town\n')
    assert run(monkeypatch, '--config', tmp_path / 'flags.yaml') == 0
    assert PlaceMap.open(tmp_path / 'map').meta.frame_id == 'town'


@pytest.mark.parametrize(('flag', 'value', 'told'), [
    ('--dataset', '/nowhere', 'expected a place data set'),
    ('--model', '/nowhere', 'expected a model bundle'),
    ('--condition', 'fog', 'fog'),
    ('--engine', 'tensorrt', 'tensorrt'),
    ('--frame_id', '', 'frame_id'),
    ('--threads', '-1', 'threads'),
    ('--no_such_flag', '0', 'no_such_flag')])
def test_a_mistake_is_one_line(monkeypatch, capsys, tiny_dataset, tiny_bundle, tmp_path,
                               flag, value, told):
    assert run(monkeypatch, '--dataset', tiny_dataset, '--model', tiny_bundle,
               '--output', tmp_path / 'map', flag, value) == 2
    line = capsys.readouterr().err
    assert line.startswith('build_map: error: ') and line.count('\n') == 1
    assert told in line
    assert list(tmp_path.iterdir()) == []


def test_bags_and_a_dry_run(monkeypatch, capsys, record_bag, tiny_bundle, tmp_path):
    with record_bag(tmp_path / 'day') as drive:
        for step in range(3):
            drive.odometry(100.0 + step, 3.0 * step, 0.0)
            drive.image(100.0 + step, np.full((6, 8, 3), 90 * step, np.uint8))
    flags = ('--model', tiny_bundle, '--output', tmp_path / 'map',
             '--bags.paths', f'[{drive.path}]', '--bags.conditions', '[sun]')
    assert run(monkeypatch, *flags, '--dry_run', 'true') == 0
    assert '/odom (nav_msgs/msg/Odometry, 3)' in capsys.readouterr().out
    assert not (tmp_path / 'map').exists()
    assert run(monkeypatch, *flags) == 0
    assert {frame.condition for frame in PlaceMap.open(tmp_path / 'map').frames} == {'sun'}
    assert run(monkeypatch, *flags, '--bags.pose_topic', '/fix') == 2
    assert 'a topic /fix of poses' in capsys.readouterr().err
