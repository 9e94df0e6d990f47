# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The replay command against a running node, and what it writes down."""

import csv
import re
import signal

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.localizer import Localizer

pytest.importorskip('rclpy', reason='needs ROS 2')

from structvpr_ros.node.camera import Answer  # noqa: E402
from structvpr_ros.node.replay import (  # noqa: E402
    Replay, ReplayOptions, without_ros_arguments, write_answers)

NAMESPACE = '__ns:=/replayed'


@pytest.fixture(scope='module', params=['raw', 'compressed'])
def transport(request, start):
    """Give a transport, while a node listens to it."""
    with start('-r', NAMESPACE, '-p', f'image_transport:={request.param}') as node:
        node.wait_for('waiting for images')
        yield request.param


@pytest.fixture
def replay(make_process, tiny_dataset, tmp_path):
    """Give a function that replays the tiny data set; it returns exit code, output and rows."""
    def run(*arguments: str, remap: str = NAMESPACE):
        path = tmp_path / 'answers.csv'
        process = make_process(
            '-m', 'structvpr_ros.cli.replay', '--dataset', str(tiny_dataset), '--output',
            str(path), *arguments, '--ros-args', '-r', remap)
        code = process.ended()
        rows = list(csv.DictReader(path.open())) if path.exists() else None
        return code, process.said(), rows
    return run


def test_lock_step_answers_are_those_of_the_localizer(
        replay, transport, tiny_dataset, tiny_map, tiny_bundle):
    code, said, rows = replay('--transport', transport, '--split', 'test_query')
    assert code == 0
    table = read_place_dataset(tiny_dataset).select('test_query')
    assert [row['image'] for row in rows] == list(table.images)
    localizer = Localizer.open(tiny_map, tiny_bundle, threads=1)
    for number, row in enumerate(rows):
        best = localizer.recognize(read_image(table.image_path(number)), 0.0).candidates
        assert [row[f'place_{rank}'] for rank in range(1, 6)] == [c.place for c in best]
        assert float(row['score_1']) == pytest.approx(best[0].score, abs=1e-5)
        assert float(row['latency_s']) > 0
    stamps = [row['stamp'] for row in rows]
    assert stamps == sorted(set(stamps))
    assert '6 images sent, 6 answered, 6 localized, latency p50' in said


def test_a_rate_and_a_condition(replay, transport):
    code, said, rows = replay('--transport', transport, '--condition', 'day', '--rate', '20')
    assert code == 0
    assert len(rows) == 6
    assert rows[-1]['place_1'] == 'place_5'
    assert '6 images sent' in said


@pytest.mark.parametrize('arguments, complaint', [
    (('--discovery', '0.5'), 'answers to /nobody/image within 0.5 s, found none'),
    (('--split', 'val'), "no image of split 'val'"),
    (('--rate', '-1'), 'expected rate of at least 0'),
    (('--transport', 'theora'), 'transport')])
def test_mistakes_are_told_in_one_line(replay, arguments, complaint):
    code, said, rows = replay(*arguments, remap='__ns:=/nobody')
    assert code == 2 and rows is None
    assert complaint in said and said.startswith('replay: error: ')
    assert said.count('\n') == 1


def test_the_other_transport_finds_no_node(replay, transport):
    other = {'raw': 'compressed', 'compressed': 'raw'}[transport]
    code, said, _ = replay('--transport', other, '--discovery', '1')
    assert code == 2 and 'found none' in said


def test_an_interrupt_leaves_no_file(make_process, tiny_dataset, tmp_path):
    process = make_process(
        '-m', 'structvpr_ros.cli.replay', '--dataset', str(tiny_dataset), '--output',
        str(tmp_path / 'answers.csv'), '--discovery', '1000', '--ros-args', '-r', '__ns:=/nobody',
        '--log-level', 'rcl:=debug')
    process.wait_for('Initializing publisher')
    assert process.stop(signal.SIGINT) == 130
    assert 'replay: error: interrupted' in process.said()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def answers(tiny_dataset):
    table = read_place_dataset(tiny_dataset).take([0, 1, 2])
    return Replay(table, {
        0: Answer(1_700_000_000_000_000_001, 0.010, (('here', 0.9), ('there', 0.8))),
        2: Answer(1_700_000_001_000_000_000, 0.030, ())})


def test_the_file_tells_unanswered_from_not_localized(answers, tmp_path):
    write_answers(tmp_path / 'answers.csv', answers)
    first, second, third = csv.DictReader((tmp_path / 'answers.csv').open())
    assert first == {
        'image': 'images/day/000.png', 'stamp': '1700000000.000000001', 'latency_s': '0.010000',
        'place_1': 'here', 'score_1': '0.9', 'place_2': 'there', 'score_2': '0.8'}
    assert second['latency_s'] == '' and second['place_1'] == ''
    assert third['latency_s'] == '0.030000' and third['place_1'] == ''


def test_the_summary_counts(answers):
    summary = answers.summary()
    assert summary.startswith('3 images sent, 2 answered, 1 localized, ')
    p50, p99 = map(float, re.findall(r'p\d\d ([0-9.]+) ms', summary))
    assert p50 == pytest.approx(np.percentile([10, 30], 50), abs=0.1)
    assert p99 == pytest.approx(np.percentile([10, 30], 99), abs=0.1)
    assert Replay(answers.table, {}).summary() == '3 images sent, 0 answered, 0 localized'


@pytest.mark.parametrize('field, value', [
    ('rate', float('nan')), ('rate', float('inf')), ('patience', 0.0), ('discovery', -1.0)])
def test_options_that_cannot_work_are_refused(tmp_path, field, value):
    with pytest.raises(ConfigurationError, match=field):
        ReplayOptions(tmp_path, **{field: value})


def test_ros_arguments_are_left_to_rclpy():
    arguments = ['--rate', '5', '--ros-args', '-r', 'a:=b', '--', '--split', 'x']
    assert without_ros_arguments(arguments) == ['--rate', '5', '--split', 'x']
