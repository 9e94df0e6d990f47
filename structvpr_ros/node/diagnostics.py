# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the node says of itself on /diagnostics."""

from dataclasses import dataclass
from typing import Iterator, Optional

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue

from structvpr_ros.matching.decision import default_decision
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.node.health import PERCENTILES, Report


@dataclass(frozen=True)
class Limits:
    """
    What a healthy node keeps to.

    :param silence: seconds without an image; 0 allows any.
    :param latency: seconds from an image's arrival to its answer, for 95 of 100; 0 allows any.
    """

    silence: float
    latency: float


def diagnose(name: str, trouble: str, localizer: Optional[Localizer], report: Optional[Report],
             dropped: int, limits: Limits, on_server: bool = False) -> DiagnosticStatus:
    """
    Judge the node and tell what the judgement rests on.

    :param name: of the status.
    :param trouble: why the last configure failed; '' if it did not.
    :param localizer: None while the node is not configured.
    :param report: None while the node is not active.
    :param dropped: images since the activation that gave way to a newer one.
    :param on_server: the map is to be searched on a server, if that answers.
    """
    level, message = _judge(trouble, localizer, report, limits)
    if level == DiagnosticStatus.OK and on_server and localizer and not localizer.answering.remote:
        level, message = DiagnosticStatus.WARN, (
            f'the server of the map does not answer: {localizer.answering.folder} does')
    values = []
    if localizer is not None:
        values.extend(_possessions(localizer))
    if report is not None:
        values.extend([*_counts(report), ('images dropped for a newer one', str(dropped))])
    return DiagnosticStatus(level=level, name=name, message=message,
                            values=[KeyValue(key=key, value=value) for key, value in values])


def reranking(localizer: Localizer) -> str:
    """Tell what re-ranks the answers of a localizer."""
    stage = localizer.second_stage
    return 'off' if stage is None else f'{stage.kind}, {stage.candidates} candidates'


def _judge(trouble: str, localizer: Optional[Localizer], report: Optional[Report],
           limits: Limits) -> tuple[bytes, str]:
    if localizer is None:
        return (DiagnosticStatus.ERROR, trouble) if trouble else (
            DiagnosticStatus.OK, 'not configured')
    if report is None:
        return DiagnosticStatus.OK, 'inactive'
    if report.recent_failed:
        return DiagnosticStatus.ERROR, f'the engine fails: {report.last_error}'
    if limits.silence and report.silence > limits.silence:
        return DiagnosticStatus.WARN, f'no images for {report.silence:.1f} s'
    if report.recent_unusable:
        return DiagnosticStatus.WARN, f'images cannot be used: {report.last_error}'
    latency = report.latencies.get('total', (0.0,) * len(PERCENTILES))[PERCENTILES.index(95)]
    if limits.latency and latency > limits.latency:
        return DiagnosticStatus.WARN, f'answers take {latency:.3f} s'
    return DiagnosticStatus.OK, 'active'


def _possessions(localizer: Localizer) -> Iterator[tuple[str, str]]:
    place_map = localizer.place_map
    yield 'map', str(place_map.folder)
    yield 'map that answers', str(localizer.answering.folder)
    yield 'map frames', str(place_map.meta.frames)
    yield 'map places', str(place_map.meta.places)
    yield 'map created', place_map.meta.created
    yield 're-ranking', reranking(localizer)
    yield 'thresholds', _thresholds(localizer)
    # The map's is the same: the Localizer refuses another.
    yield 'model fingerprint', localizer.engine.card.fingerprint


def _thresholds(localizer: Localizer) -> str:
    is_sequence, is_verified = localizer.sequence is not None, localizer.second_stage is not None
    calibration = None if is_sequence else localizer.calibration
    decision = localizer.decision or default_decision(calibration, is_sequence, is_verified)
    if localizer.decision:
        origin = 'parameters'
    elif calibration and (calibration.reranked or not is_verified):
        origin = f'the map, calibrated to a precision of {calibration.target:.1%}'
    else:
        origin = 'default' if is_sequence else 'default, for the map is not calibrated'
    return f'min_score {decision.min_score:g}, min_margin {decision.min_margin:g}: {origin}'


def _counts(report: Report) -> Iterator[tuple[str, str]]:
    yield 'input rate (Hz)', f'{report.input_rate:.2f}'
    yield 'output rate (Hz)', f'{report.output_rate:.2f}'
    yield 'localized share', '' if report.localized is None else f'{report.localized:.3f}'
    for stage, seconds in report.latencies.items():
        for percentile, value in zip(PERCENTILES, seconds):
            yield f'{stage} p{percentile} (ms)', f'{1e3 * value:.2f}'
    yield 'images received', str(report.received)
    yield 'images answered', str(report.answered)
    yield 'images unusable', str(report.unusable)
    yield 'engine failures', str(report.failed)
    yield 'last error', report.last_error
