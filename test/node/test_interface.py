# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The running node has the topics and services that the table declares, and no others."""

import pytest

pytest.importorskip('rclpy', reason='needs ROS 2')

from structvpr_ros.node.interface import (  # noqa: E402
    COMPRESSED_IMAGE, IMAGE, PUBLISHED, SERVICES, SUBSCRIBED)

NAMESPACE = '/listed'
# What every node or every managed node has.
COMMON = ('rosout', 'parameter_events', 'transition_event', 'use_sim_time')
COMMON_SERVICES = ('parameter', 'get_state', 'change_state', 'get_available_states',
                   'get_available_transitions', 'get_transition_graph', 'type_description')


def declared(topics):
    return {(topic.name if topic.name.startswith('/') else f'{NAMESPACE}/{topic.name}',
             kind(topic.kind)) for topic in topics}


def kind(message):
    return '/'.join((*message.__module__.split('.')[:2], message.__name__))


def found(entries, common):
    return {(name, *kinds) for name, kinds in entries
            if not any(word in name.rpartition('/')[2] for word in common)}


def test_declared_things_are_described_and_unique():
    for things in (SUBSCRIBED, PUBLISHED, SERVICES):
        assert len({thing.name for thing in things}) == len(things)
        assert all(thing.description.endswith('.') for thing in things)


@pytest.mark.parametrize('transport, other', [('raw', COMPRESSED_IMAGE), ('compressed', IMAGE)])
def test_the_node_has_what_is_declared(start, make_robot, transport, other):
    robot = make_robot(NAMESPACE)
    with start('-r', f'__ns:={NAMESPACE}', '-p', f'image_transport:={transport}',
               '-p', 'camera_info:=true', '-p', 'sequence_filter:=true') as node:
        node.wait_for('waiting for images')
        of_node = 'localize', NAMESPACE
        assert robot.spin_until(lambda: of_node in robot.node.get_node_names_and_namespaces())
        for look, expected, common in (
                (robot.node.get_publisher_names_and_types_by_node, declared(PUBLISHED), COMMON),
                (robot.node.get_subscriber_names_and_types_by_node,
                 declared(topic for topic in SUBSCRIBED if topic is not other), COMMON),
                (robot.node.get_service_names_and_types_by_node,
                 {(service.name.replace('~', f'{NAMESPACE}/localize'), kind(service.kind))
                  for service in SERVICES}, COMMON_SERVICES)):
            assert robot.spin_until(
                lambda look=look, expected=expected, common=common:
                expected <= found(look(*of_node), common)), look
            assert found(look(*of_node), common) == expected
