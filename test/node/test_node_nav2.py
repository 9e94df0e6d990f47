# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The node led as nav2's lifecycle manager leads it, and the settings that docs/nav2.md gives."""

from pathlib import Path
import re

import numpy as np
import pytest
import yaml

PAGE = (Path(__file__).resolve().parents[2] / 'docs' / 'nav2.md').read_text(encoding='utf-8')
PICTURE = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)

# The numbers of a transition and of the state that it leads to, in lifecycle_msgs.
UNCONFIGURED, INACTIVE, ACTIVE, FINALIZED = 1, 2, 3, 4
CONFIGURE, CLEANUP = (1, INACTIVE), (2, UNCONFIGURED)
ACTIVATE, DEACTIVATE = (3, ACTIVE), (4, INACTIVE)
SHUTDOWN = (5, FINALIZED)


@pytest.fixture
def manage(make_robot):
    """Give a function that asks for transitions as the manager does; it returns how far it got."""
    from lifecycle_msgs.srv import ChangeState, GetState
    robot = make_robot('/managed')

    def manage(*steps):
        for number, (transition, state) in enumerate(steps):
            request = ChangeState.Request()
            request.transition.id = transition  # the manager gives no label
            if not robot.call(ChangeState, 'change_state', request).success:
                return number
            found = robot.call(GetState, 'get_state', GetState.Request()).current_state.id
            assert found == state
        return len(steps)

    manage.robot = robot
    return manage


def test_what_the_manager_does(start, manage):
    robot = manage.robot
    with start('-r', '__ns:=/managed', '-p', 'autostart:=false') as node:
        for name, steps, answers in (
                ('startup', (CONFIGURE, ACTIVATE), True), ('pause', (DEACTIVATE,), False),
                ('resume', (ACTIVATE,), True), ('reset', (DEACTIVATE, CLEANUP), False),
                ('startup', (CONFIGURE, ACTIVATE), True),
                ('shutdown', (DEACTIVATE, CLEANUP, SHUTDOWN), False)):
            assert manage(*steps) == len(steps), name
            if answers:
                assert robot.ask(robot.raw(PICTURE)).results, name
        assert node.stop() == 0
        assert 'Traceback' not in node.said()


def test_the_manager_cannot_start_what_started_itself(start, manage):
    with start('-r', '__ns:=/managed') as node:
        node.wait_for('waiting for images')
        assert manage(CONFIGURE) == 0


def test_the_node_makes_no_bond(start, manage):
    robot = manage.robot
    with start('-r', '__ns:=/managed') as node:
        node.wait_for('waiting for images')
        assert robot.ask(robot.raw(PICTURE)).results
        assert robot.node.count_publishers('/bond') == robot.node.count_publishers(
            '/managed/bond') == 0


def test_the_settings_of_the_page():
    given = yaml.safe_load(re.search(r'^```yaml\n(.*?)^```', PAGE, re.MULTILINE | re.DOTALL)[1])
    assert given['lifecycle_manager_vpr']['ros__parameters']['bond_timeout'] == 0.0
    ours = given['localize']['ros__parameters']
    assert ours.pop('autostart') is False
    assert set(ours) == {'map', 'model'}
