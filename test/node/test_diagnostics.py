# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How the node's health is judged, and what is told of it."""

import shutil

import pytest

diagnostic_msgs = pytest.importorskip('diagnostic_msgs.msg', reason='needs ROS 2 messages')

from structvpr_ros.matching.decision import Decision  # noqa: E402
from structvpr_ros.matching.localizer import Localizer  # noqa: E402
from structvpr_ros.node.diagnostics import diagnose, Limits  # noqa: E402
from structvpr_ros.node.health import Report  # noqa: E402
from structvpr_ros.place_map.calibration import Calibration, store_calibration  # noqa: E402

DiagnosticStatus = diagnostic_msgs.DiagnosticStatus
OK, WARN, ERROR = DiagnosticStatus.OK, DiagnosticStatus.WARN, DiagnosticStatus.ERROR
LIMITS = Limits(silence=2.0, latency=0.5)
FINE = {
    'received': 90, 'answered': 80, 'unusable': 3, 'failed': 2, 'input_rate': 9.0,
    'output_rate': 8.0, 'localized': 0.75, 'silence': 0.1, 'recent_unusable': 0,
    'recent_failed': 0, 'last_error': 'cut off',
    'latencies': {'describe': (0.01, 0.02, 0.03), 'total': (0.011, 0.022, 0.6)}}


@pytest.fixture(scope='module')
def localizer(tiny_map, tiny_bundle):
    return Localizer.open(tiny_map, tiny_bundle, threads=1)


def judge(localizer, limits=LIMITS, **changes):
    status = diagnose('n', '', localizer, Report(**{**FINE, **changes}), 7, limits)
    return status.level, status.message


def test_states_without_images(localizer):
    for given, level, message in (
            (('', None, None), OK, 'not configured'),
            (('cannot configure: no map', None, None), ERROR, 'cannot configure: no map'),
            (('', localizer, None), OK, 'inactive')):
        status = diagnose('a name', *given, 0, LIMITS)
        assert (status.name, status.level, status.message) == ('a name', level, message)


def test_levels(localizer):
    assert judge(localizer) == (OK, 'active')
    assert judge(localizer, silence=2.5) == (WARN, 'no images for 2.5 s')
    assert judge(localizer, recent_unusable=1) == (WARN, 'images cannot be used: cut off')
    slow = {'total': (0.1, 0.7, 0.8)}
    assert judge(localizer, latencies=slow) == (WARN, 'answers take 0.700 s')
    assert judge(localizer, latencies={}) == (OK, 'active')
    assert judge(localizer, recent_failed=1, silence=9.0) == (ERROR, 'the engine fails: cut off')


def test_zero_switches_a_limit_off(localizer):
    off = Limits(silence=0.0, latency=0.0)
    assert judge(localizer, off, silence=99.0, latencies={'total': (9.0, 9.0, 9.0)})[0] == OK


def thresholds(localizer) -> str:
    status = diagnose('n', '', localizer, None, 0, LIMITS)
    return {value.key: value.value for value in status.values}['thresholds']


@pytest.mark.parametrize(('state', 'told'), [
    ({}, 'min_score 0, min_margin 0: default, for the map is not calibrated'),
    ({'decision': Decision(0.25, 0.5)}, 'min_score 0.25, min_margin 0.5: parameters'),
    ({'sequence': object()}, 'min_score 0.5, min_margin 0: default')])
def test_thresholds_and_whence_they_are(localizer, monkeypatch, state, told):
    for name, value in state.items():
        monkeypatch.setattr(localizer, name, value)
    assert thresholds(localizer) == told


def test_thresholds_of_a_calibrated_map(tiny_map, tiny_bundle, tmp_path):
    folder = shutil.copytree(tiny_map, tmp_path / 'calibrated')
    store_calibration(folder, Calibration(
        0.625, 0.125, 0.99, 0.992, 0.7, 0.8, 0.7, 0.5, 2, 10, 10, 0.5, ((0.625, 0.992, 0.7),)))
    assert thresholds(Localizer.open(folder, tiny_bundle, threads=1)) == (
        'min_score 0.625, min_margin 0.125: the map, calibrated to a precision of 99.0%')


def test_a_server_that_did_not_answer_at_the_start(localizer, tiny_map):
    status = diagnose('n', '', localizer, Report(**FINE), 0, LIMITS, on_server=True)
    assert (status.level, status.message) == (
        WARN, f'the server of the map does not answer: {tiny_map} does')
    assert diagnose('n', 'no map', None, None, 0, LIMITS, on_server=True).level == ERROR


def test_values(localizer, tiny_map):
    status = diagnose('n', '', localizer, Report(**FINE), 7, LIMITS)
    values = {value.key: value.value for value in status.values}
    assert len(values) == len(status.values)
    assert values['map'] == str(tiny_map) and values['map frames'] == '6'
    assert values['model fingerprint'] == localizer.engine.card.fingerprint
    assert values['input rate (Hz)'] == '9.00' and values['output rate (Hz)'] == '8.00'
    assert values['localized share'] == '0.750'
    assert values['images dropped for a newer one'] == '7'
    assert values['describe p50 (ms)'] == '10.00' and values['total p99 (ms)'] == '600.00'
    assert [values[f'images {what}'] for what in ('received', 'answered', 'unusable')] == [
        '90', '80', '3']
    assert values['engine failures'] == '2' and values['last error'] == 'cut off'
