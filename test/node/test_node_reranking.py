# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The running node with a map that has local features: it re-ranks, says so, and can be told."""

import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.place_map.build import build_map, BuildMapOptions


@pytest.fixture(scope='module')
def robot(make_robot):
    return make_robot('/looking_twice')


def test_the_node_reranks(start, robot, tiny_dataset, tiny_bundle, tiny_map, tmp_path):
    folder = build_map(BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'map',
                                       condition='day', local_features='xfeat'))
    table = read_place_dataset(tiny_dataset).select(condition='day')
    image = robot.raw(read_image(table.image_path(2)))
    with start('-r', '__ns:=/looking_twice', '-p', f'map:={folder}', '-p', 'min_score:=-1.0',
               '-p', 'rerank_candidates:=4') as node:
        node.wait_for('re-ranking xfeat, 4 candidates')
        answer = robot.ask(image)
        assert answer.results[0].class_id == 'place_2'
        scores = [result.score for result in answer.results]
        assert scores == sorted(scores, reverse=True) and 0 < scores[-1] <= scores[0] < 1
        _, values = robot.diagnosis(lambda _, values: 'verify p50 (ms)' in values)
        assert values['re-ranking'] == 'xfeat, 4 candidates'
        assert float(values['verify p50 (ms)']) > 0
        # Another map, without features: scores are similarities again, and nothing breaks.
        assert robot.set_parameter('map', str(tiny_map)).successful
        assert robot.trigger('load_map').success
        assert robot.ask(image).results[0].score == pytest.approx(1, abs=1e-3)
        _, values = robot.diagnosis(lambda _, values: values.get('re-ranking') == 'off')
        assert 'total p50 (ms)' in values
        assert not robot.set_parameter('rerank', 'perhaps').successful
        assert robot.set_parameter('rerank', 'off').successful
        assert robot.set_parameter('map', str(folder)).successful
        assert robot.trigger('reload').success
        assert robot.ask(image).results[0].score == pytest.approx(1, abs=1e-3)
