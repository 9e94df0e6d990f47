# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The layouts for RViz and Foxglove show topics that the node has, as what they are."""

import json
from pathlib import Path

import pytest
import yaml

pytest.importorskip('rclpy', reason='needs ROS 2')

from structvpr_ros.node.interface import (  # noqa: E402
    CANDIDATES, DIAGNOSTICS, MATCH_IMAGE, PLACE, POSE)

CONFIG = Path(__file__).resolve().parents[2] / 'config'


def full(topic):
    return topic.name if topic.name.startswith('/') else f'/{topic.name}'


def test_rviz_displays_what_the_node_shows():
    manager = yaml.safe_load((CONFIG / 'localize.rviz').read_text())['Visualization Manager']
    assert manager['Global Options']['Fixed Frame'] == 'map'
    shown = {display['Class'].partition('/')[2]: display['Topic']
             for display in manager['Displays'] if 'Topic' in display}
    assert {kind: topic['Value'] for kind, topic in shown.items()} == {
        'Image': full(MATCH_IMAGE), 'MarkerArray': full(CANDIDATES),
        'PoseWithCovariance': full(POSE)}
    assert all(topic['Reliability Policy'] == 'Reliable' for topic in shown.values())
    assert all(display['Enabled'] for display in manager['Displays'])


def test_rviz_displays_the_namespaces_of_the_markers():
    manager = yaml.safe_load((CONFIG / 'localize.rviz').read_text())['Visualization Manager']
    markers = next(display for display in manager['Displays']
                   if display['Class'].endswith('/MarkerArray'))
    assert set(markers['Namespaces']) == {'best', 'candidates'}


def test_foxglove_shows_what_the_node_publishes():
    layout = json.loads((CONFIG / 'foxglove.json').read_text())
    panels = {name.partition('!')[0]: panel for name, panel in layout['configById'].items()}
    assert set(panels) == {'Image', '3D', 'RawMessages', 'DiagnosticSummary'}
    assert panels['Image']['imageMode']['imageTopic'] == full(MATCH_IMAGE)
    assert set(panels['3D']['topics']) == {full(CANDIDATES), full(POSE)}
    assert all(topic['visible'] for topic in panels['3D']['topics'].values())
    assert panels['RawMessages']['topicPath'] == full(PLACE)
    assert panels['DiagnosticSummary']['topicToRender'] == full(DIAGNOSTICS)


def test_foxglove_lays_out_every_panel_once():
    layout = json.loads((CONFIG / 'foxglove.json').read_text())

    def leaves(tree):
        if isinstance(tree, str):
            return [tree]
        assert tree['direction'] in ('row', 'column')
        return [*leaves(tree['first']), *leaves(tree['second'])]

    assert sorted(leaves(layout['layout'])) == sorted(layout['configById'])
