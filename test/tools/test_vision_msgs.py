# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Our build of vision_msgs and the real package are one and the same on the wire."""

import os
from typing import Iterator

import pytest

# Of vision_msgs 4.1, as `ros2 topic info --verbose` shows them.
HASHES = {
    'Classification':
        'RIHS01_f74db28d0eaef3afb78f48bf2161cd709a1383a0309d3454383b25be11345143',
    'ObjectHypothesis':
        'RIHS01_51da43cec11c01957a64d1e05a24acd18aae7745ec30b74348ad5f6d634f7f90',
}

rclpy = pytest.importorskip('rclpy')
messages = pytest.importorskip('vision_msgs.msg')


@pytest.fixture
def node() -> Iterator['rclpy.node.Node']:
    context = rclpy.Context()
    context.init(domain_id=os.getpid() % 100 + 1)
    node = rclpy.create_node('sender', context=context)
    yield node
    node.destroy_node()
    context.try_shutdown()


@pytest.mark.parametrize('name', HASHES)
def test_type_hash(node: 'rclpy.node.Node', name: str) -> None:
    publisher = node.create_publisher(getattr(messages, name), 'topic', 1)
    info = node.get_publishers_info_by_topic(publisher.topic_name)[0]
    if not hasattr(info, 'topic_type_hash'):
        pytest.skip('this ROS 2 is older than type hashes')
    assert str(info.topic_type_hash) == HASHES[name]
