# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a training tells of its speed, by a clock that the test winds."""

import logging

import pytest
import torch

from structvpr_ros.training import throughput
from structvpr_ros.training.throughput import Throughput


@pytest.fixture
def clock(monkeypatch):
    """Give a list whose only entry is the time."""
    now = [0.0]
    monkeypatch.setattr(throughput.time, 'perf_counter', lambda: now[0])
    return now


def test_waiting_and_work_are_told_apart(clock, caplog):
    callback, batch = Throughput(), {'rows': torch.zeros(4, 5)}
    callback.on_train_epoch_start(None, None)
    for number in range(3):
        clock[0] += 1.0
        callback.on_train_batch_start(None, None, batch, number)
        clock[0] += 3.0
        callback.on_train_batch_end(None, None, None, batch, number)
    assert (callback.images, callback.waited, callback.worked) == (60, 3.0, 9.0)
    with caplog.at_level(logging.INFO):
        callback.on_train_epoch_end(None, None)
    assert '5.0 images/s, 25 % of the time waiting for data' in caplog.text


def test_each_epoch_counts_anew(clock):
    callback = Throughput()
    for _ in range(2):
        clock[0] += 100.0
        callback.on_train_epoch_start(None, None)
        clock[0] += 1.0
        callback.on_train_batch_start(None, None, {'rows': torch.zeros(2)}, 0)
        callback.on_train_batch_end(None, None, None, {'rows': torch.zeros(2)}, 0)
    assert (callback.images, callback.waited) == (2, 1.0)
