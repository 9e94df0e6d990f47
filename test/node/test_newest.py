# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The worker that handles the newest item, and who drops out."""

from queue import Queue
from threading import Event
import weakref

import pytest

from structvpr_ros.node.newest import NewestWorker

WITHIN = 30.0


class Gate:
    """A handler that notes an item and waits until it may go on."""

    def __init__(self):
        self.begun, self.go_on, self.handled = Queue(), Event(), []

    def __call__(self, item):
        self.begun.put(item)
        assert self.go_on.wait(WITHIN)
        self.handled.append(item)


@pytest.fixture
def gate():
    return Gate()


def test_only_the_newest_of_those_that_wait_is_handled(gate):
    worker = NewestWorker(gate)
    worker.offer(0)
    assert gate.begun.get(timeout=WITHIN) == 0
    for item in range(1, 100):
        worker.offer(item)  # returns although 0 is still in hand
    assert worker.dropped == 98
    gate.go_on.set()
    assert gate.begun.get(timeout=WITHIN) == 99
    worker.stop()
    assert gate.handled == [0, 99]


def test_all_are_handled_when_it_keeps_up(gate):
    gate.go_on.set()
    worker = NewestWorker(gate)
    for item in range(50):
        worker.offer(item)
        assert gate.begun.get(timeout=WITHIN) == item
    worker.stop()
    assert gate.handled == list(range(50)) and worker.dropped == 0


def test_nothing_is_kept_of_what_was_handled():
    class Item:
        """Something that can be seen to go."""

    gone = Event()
    worker = NewestWorker(lambda item: None)
    item = Item()
    weakref.finalize(item, gone.set)
    worker.offer(item)
    del item
    assert gone.wait(WITHIN)
    worker.stop()


def test_stop_finishes_the_item_in_hand_and_drops_the_rest(gate):
    worker = NewestWorker(gate)
    worker.offer('in hand')
    assert gate.begun.get(timeout=WITHIN) == 'in hand'
    worker.offer('waits')
    gate.go_on.set()
    worker.stop()
    # Whether the second was reached before the stop is the scheduler's choice.
    assert gate.handled in (['in hand'], ['in hand', 'waits'])
    assert worker.dropped == 2 - len(gate.handled)
    worker.offer('too late')
    assert worker.dropped == 3 - len(gate.handled)


def test_stop_ends_an_idle_worker_and_may_be_repeated(gate):
    worker = NewestWorker(gate)
    worker.stop()
    worker.stop()
    assert gate.handled == []
