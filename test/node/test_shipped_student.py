# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A node that is told nothing but its map."""

import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.place_map.build import build_map, BuildMapOptions


@pytest.fixture
def node(make_process, tiny_dataset, tmp_path):
    folder = build_map(BuildMapOptions(tiny_dataset, None, tmp_path / 'map'))
    process = make_process('-m', 'structvpr_ros.cli.localize', '--ros-args',
                           '-p', f'map:={folder}', '-r', '__ns:=/shipped')
    yield process
    process.close()


def test_it_answers_by_the_student_of_the_package(node, make_robot, tiny_dataset):
    table = read_place_dataset(tiny_dataset)
    robot = make_robot('/shipped')
    answer = robot.ask(robot.raw(read_image(table.image_path(0))))
    # The precision is the processor's best: a component in bfloat16 is good to 1 in 256.
    assert answer.results[0].score > 0.99
