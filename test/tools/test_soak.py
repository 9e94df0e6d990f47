# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The soak: its drifts against known ones, and a short one for real."""

from importlib.util import module_from_spec, spec_from_file_location
import json
import math
import os
from pathlib import Path
import subprocess
import sys

from hypothesis import given, strategies as st
import numpy as np
import pytest

SOAK = Path(__file__).resolve().parents[2] / 'tools' / 'soak'


@pytest.fixture(scope='module')
def ledger():
    spec = spec_from_file_location('ledger', SOAK / 'ledger.py')
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(memory, minutes=1.0):
    return [{'minute': minutes * number, 'memory': value} for number, value in enumerate(memory)]


@given(st.floats(-500, 500), st.floats(-500, 500), st.integers(5, 40))
def test_a_steady_growth_is_found(ledger, start, per_hour, count):
    memory = [start + per_hour * minute / 60 for minute in range(count)]
    assert ledger.drift(rows(memory), 'memory') == pytest.approx(per_hour, abs=1e-6)


def test_neither_the_warm_up_nor_a_busy_minute_counts(ledger):
    memory = [100, 300, 350, 380, 390, *[400] * 25]
    assert ledger.drift(rows(memory), 'memory') == 0.0
    memory[20] = 900
    assert ledger.drift(rows(memory), 'memory') == 0.0
    assert len(ledger.after_warm_up(rows(memory))) == 25


@pytest.mark.parametrize('memory', [[], [1.0], [1.0, 2.0, 3.0], [1.0] * 9 + [math.nan]])
def test_too_little_to_tell(ledger, memory):
    assert math.isnan(ledger.drift(rows(memory), 'memory'))


def test_a_row_sums_up_its_period(ledger):
    period = ledger.Period(
        sent=4, broken=1, latencies=[0.010, 0.020, 0.030], rates=[(15.0, 14.0), (16.0, 15.0)],
        dropped=1, memory=[100.0, 102.0, 101.0], files=20, processor=3.0, calls=2)
    row = period.row(120.0, 10.0)
    assert row == {
        'minute': 2.0, 'sent': 4, 'broken': 1, 'input_rate': 15.5, 'output_rate': 14.5,
        'dropped': 1, 'lost': 1, 'p50': pytest.approx(20.0),
        'p99': pytest.approx(np.percentile([10, 20, 30], 99)), 'memory': 101.0, 'files': 20,
        'processor': 30.0, 'calls': 2, 'surprises': 0}
    head, line = ledger.table([row]).splitlines()
    assert len(head) == len(line) and 'RSS MB' in head and '101.0' in line


def test_an_empty_period_is_told_as_such(ledger):
    row = ledger.Period().row(0.0, 60.0)
    assert row['sent'] == 0 and math.isnan(row['p99']) and math.isnan(row['memory'])
    assert ledger.plain(row)['p99'] is None
    assert 'too short to tell' in ledger.verdict_line(ledger.verdict([row]))
    assert ledger.table([row]).count('\n') == 1


def test_the_verdict_counts(ledger):
    period = ledger.Period(sent=10, latencies=[0.01] * 8, dropped=1, memory=[50.0], calls=3,
                           surprises=1)
    told = ledger.verdict_line(ledger.verdict([period.row(60.0 * n, 60.0) for n in range(9)]))
    assert 'RSS +0.00 MB/h' in told and '18 of 90 images lost (20.00 %, 9 dropped' in told
    assert '9 of 27 calls answered wrongly' in told


@pytest.mark.slow
def test_a_short_soak(tmp_path):
    pytest.importorskip('rclpy', reason='needs ROS 2')
    environment = {'AMENT_PREFIX_PATH': sys.prefix, **os.environ,
                   'PYTHONPATH': str(SOAK.parents[1])}
    done = subprocess.run(
        [sys.executable, SOAK, '--minutes', '1.5', '--period', '15', '--output', tmp_path],
        env=environment, text=True, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / 'soak.json').read_text())
    assert len(result['rows']) in (5, 6)  # a transition may take the last one's time
    assert all(row['sent'] > 0 and row['memory'] > 10 for row in result['rows'])
    assert result['verdict']['surprises'] == 0 and result['verdict']['calls'] > 15
    assert result['verdict']['lost'] < result['verdict']['sent'] / 2
    assert done.stdout == (tmp_path / 'soak.txt').read_text()
