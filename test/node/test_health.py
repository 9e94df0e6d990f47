# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the counts, rates and percentiles of the health report are made of."""

from threading import Thread

import numpy as np
import pytest

from structvpr_ros.node.health import Health, WINDOW


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def health(clock):
    return Health(clock)


def test_nothing_yet(health, clock):
    clock.now += 3.5
    report = health.report()
    assert (report.received, report.answered, report.unusable, report.failed) == (0, 0, 0, 0)
    assert report.input_rate == report.output_rate == 0
    assert report.localized is None and report.latencies == {}
    assert report.silence == 3.5 and report.last_error == ''


def test_rates_are_those_of_the_window(health, clock):
    for frame in range(600):  # 20 s of 30 Hz in, 10 Hz out
        health.receive()
        if frame % 3 == 0:
            health.answer(frame % 6 == 0, {'total': 0.1})
        clock.now += 1 / 30
    report = health.report()
    assert (report.received, report.answered) == (600, 200)
    assert report.input_rate == pytest.approx(30, abs=0.2)
    assert report.output_rate == pytest.approx(10, abs=0.2)
    assert report.localized == pytest.approx(0.5, abs=0.01)


def test_rates_are_right_before_the_window_is_full(health, clock):
    for _ in range(20):
        health.receive()
        clock.now += 0.1
    assert health.report().input_rate == pytest.approx(10)


def test_latencies_are_percentiles_by_stage(health):
    seconds = np.random.default_rng(3).uniform(0, 1, 101)
    for value in seconds:
        health.answer(True, {'describe': value, 'total': 2 * value})
    latencies = health.report().latencies
    assert list(latencies) == ['describe', 'total']
    ordered = np.sort(seconds)
    assert latencies['describe'] == pytest.approx((ordered[50], ordered[95], ordered[99]))
    assert latencies['total'] == pytest.approx((2 * ordered[50], 2 * ordered[95],
                                                2 * ordered[99]))


def test_a_stage_that_comes_or_goes_counts_where_it_was(health):
    for timings in ({'search': 1.0, 'total': 2.0}, {'search': 3.0, 'verify': 5.0, 'total': 8.0}):
        health.answer(True, timings)
    latencies = health.report().latencies
    assert latencies['verify'] == (5.0, 5.0, 5.0)
    assert latencies['search'][0] == 2.0 and latencies['total'][0] == 5.0


def test_errors_leave_the_window_but_not_the_count(health, clock):
    health.receive()
    assert health.cannot_use('first') == 1
    assert health.cannot_use('cut off') == 2
    health.fail('broken')
    report = health.report()
    assert (report.recent_unusable, report.recent_failed) == (2, 1)
    assert report.last_error == 'broken'
    clock.now += WINDOW + 1
    report = health.report()
    assert (report.unusable, report.failed) == (2, 1)
    assert (report.recent_unusable, report.recent_failed) == (0, 0)
    assert report.last_error == 'broken'
    assert report.silence == WINDOW + 1
    assert report.localized is None and report.latencies == {}


def test_threads_lose_no_count(health):
    def work():
        for _ in range(500):
            health.receive()
            health.answer(True, {'total': 0.0})
    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = health.report()
    assert (report.received, report.answered) == (2000, 2000)
