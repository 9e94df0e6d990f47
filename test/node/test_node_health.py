# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Diagnostics and the exchange of maps, of the running node."""

import shutil

import numpy as np
import pytest

from structvpr_ros.place_map.build import build_map, BuildMapOptions

PICTURE = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
OK, WARN, ERROR = b'\x00', b'\x01', b'\x02'


@pytest.fixture(scope='module')
def robot(make_robot):
    return make_robot('/healthy')


@pytest.fixture
def launch(start):
    """Give a function that starts a node in the robot's namespace."""
    return lambda *arguments: start('-r', '__ns:=/healthy', *arguments)


@pytest.fixture(scope='module')
def night_map(tiny_dataset, tiny_bundle, tmp_path_factory):
    """Give a map of fewer places than the tiny one, of the same model."""
    from structvpr_ros.data.folder import read_place_dataset, write_place_dataset
    root = tmp_path_factory.mktemp('night') / 'data'
    shutil.copytree(tiny_dataset, root)
    write_place_dataset(read_place_dataset(root).select(condition='night').take([0, 1]))
    return build_map(BuildMapOptions(root, tiny_bundle, root.parent / 'night_map'))


def test_diagnostics_through_the_states(launch, robot, tiny_map):
    with launch('-p', 'autostart:=false', '-p', 'max_silence:=0.5'):
        status, _ = robot.diagnosis(lambda status, _: status.message == 'not configured')
        assert status.level == OK
        assert robot.transition('configure')
        status, values = robot.diagnosis(lambda status, _: status.message == 'inactive')
        assert status.level == OK and values['map'] == str(tiny_map)
        assert robot.transition('activate')
        status, values = robot.diagnosis(lambda status, _: 'no images' in status.message)
        assert status.level == WARN and values['images received'] == '0'
        assert robot.set_parameter('max_silence', 0.0).successful
        for _ in range(3):
            robot.ask(robot.raw(PICTURE))
        status, values = robot.diagnosis(lambda _, values: values['images answered'] == '3')
        assert (status.level, status.message) == (OK, 'active')
        assert float(values['localized share']) == 1.0
        assert 0 < float(values['describe p50 (ms)']) < float(values['total p50 (ms)'])


def test_diagnostics_tell_why_it_cannot_be_configured(launch, robot):
    with launch('-p', 'map:=/nowhere'):
        status, values = robot.diagnosis()
        assert status.level == ERROR and '/nowhere' in status.message
        assert values == {}


def test_an_unusable_image_is_a_warning(launch, robot):
    with launch() as node:
        node.wait_for('waiting for images')
        robot.ask(robot.raw(PICTURE))
        robot.publish(robot.raw(PICTURE, encoding='x264'))
        status, _ = robot.diagnosis(lambda _, values: values['images unusable'] == '1')
        assert status.level == WARN and 'cannot be used' in status.message


def test_another_map_is_loaded_under_way(launch, robot, night_map, tmp_path):
    with launch() as node:
        node.wait_for('waiting for images')
        assert len(robot.ask(robot.raw(PICTURE)).results) == 5
        assert robot.set_parameter('map', str(night_map)).successful
        assert len(robot.ask(robot.raw(PICTURE)).results) == 5  # not before it is told to
        response = robot.trigger('load_map')
        assert response.success and response.message == f'{night_map} with 2 frames'
        assert len(robot.ask(robot.raw(PICTURE)).results) == 2
        status, _ = robot.diagnosis(lambda _, values: values['map'] == str(night_map))
        assert status.level == OK


@pytest.mark.parametrize('service', ['load_map', 'reload'])
def test_a_bad_map_changes_nothing(launch, robot, tiny_map, night_map, tmp_path, service):
    corrupt, foreign = tmp_path / 'corrupt', tmp_path / 'foreign'
    for folder in (corrupt, foreign):
        shutil.copytree(night_map, folder)
    index = corrupt / 'index.faiss'
    index.write_bytes(index.read_bytes()[:-1])
    meta = foreign / 'map.yaml'
    lines = [f'fingerprint: {"0" * 64}' if line.startswith('fingerprint') else line
             for line in meta.read_text().splitlines()]
    meta.write_text('\n'.join(lines))
    with launch() as node:
        node.wait_for('waiting for images')
        before = robot.ask(robot.raw(PICTURE)).results
        for folder in (corrupt, foreign, tmp_path / 'nowhere'):
            assert robot.set_parameter('map', str(folder)).successful
            response = robot.trigger(service)
            assert not response.success and str(folder) in response.message
            assert robot.ask(robot.raw(PICTURE)).results == before
        _, values = robot.diagnosis()
        assert values['map'] == str(tiny_map)
        assert 'Traceback' not in node.said()


def test_reload_reads_map_and_model_again(launch, robot, tiny_map, tiny_bundle, tmp_path):
    place_map, model = tmp_path / 'map', tmp_path / 'model'
    shutil.copytree(tiny_map, place_map)
    shutil.copytree(tiny_bundle, model)
    with launch('-p', f'map:={place_map}', '-p', f'model:={model}') as node:
        node.wait_for('waiting for images')
        before = robot.ask(robot.raw(PICTURE)).results
        assert robot.trigger('reload').success
        assert robot.ask(robot.raw(PICTURE)).results == before
        shutil.rmtree(model)
        response = robot.trigger('reload')
        assert not response.success and str(model) in response.message
        shutil.rmtree(place_map)  # what is in memory goes on
        assert robot.ask(robot.raw(PICTURE)).results == before


def test_nothing_is_exchanged_before_configure(launch, robot):
    with launch('-p', 'autostart:=false'):
        for service in ('load_map', 'reload'):
            response = robot.trigger(service)
            assert not response.success
            assert response.message == 'expected a configured node'
        assert robot.state() == 'unconfigured'
