# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The thresholds that a map was calibrated to, calibration.yaml, and what they were found from.

How they are found is in ``evaluation``. A map whose images change loses them: they held for what
it had before.
"""

from dataclasses import asdict, dataclass, fields, replace
import os
from pathlib import Path
import shutil
from typing import Any, Optional

import yaml

from structvpr_ros.errors import MapError
from structvpr_ros.place_map.confidence import Confidence
from structvpr_ros.place_map.meta import CALIBRATION, MapMeta, META
from structvpr_ros.storage import file_hash, replacing_folder
from structvpr_ros.yaml_file import brief, read_yaml

MOST_POINTS = 500

Point = tuple[float, float, float]


@dataclass(frozen=True)
class RerankedCalibration:
    """
    What holds where answers are re-ranked by the local features of the map.

    :param min_score: the least probability of the best place, 0 to 1.
    :param precision: the share of right answers among those given, at this threshold.
    :param recall: the share of images of mapped places that are answered rightly, at this.
    :param confidence: what tells that probability.
    """

    min_score: float
    precision: float
    recall: float
    confidence: Confidence

    def __str__(self) -> str:
        """Tell the threshold in one line, and what it brings."""
        return (f'min_score {self.min_score:.4f}: answers {self.recall:.1%} rightly at a '
                f'precision of {self.precision:.1%}')


@dataclass(frozen=True)
class Calibration:
    """
    Thresholds of the decision, and how good they were found to be.

    All shares are of a robot ``outside_share`` of whose images show no place of the map.

    :param min_score: the least score of the best place, -1 to 1.
    :param min_margin: the least lead of the best place over the second, 0 to 2.
    :param target: the precision that was asked for, 0 to 1.
    :param precision: the share of right answers among those given, at these thresholds.
    :param recall: the share of images of mapped places that are answered rightly, at these.
    :param auc: the area under the curve, without interpolation.
    :param recall_at_99: the largest recall at a precision of 99%.
    :param recall_at_100: the largest recall without a wrong answer.
    :param drives: from how many drives the images of mapped places were asked.
    :param inside: how many these images are.
    :param outside: how many images there were that show no place of the map.
    :param outside_share: what they count together, 0 to 1.
    :param curve: threshold of the score, precision and recall, from the highest threshold on.
    :param reranked: the same where answers are re-ranked; None for a map without local features.
    """

    min_score: float
    min_margin: float
    target: float
    precision: float
    recall: float
    auc: float
    recall_at_99: float
    recall_at_100: float
    drives: int
    inside: int
    outside: int
    outside_share: float
    curve: tuple[Point, ...]
    reranked: Optional[RerankedCalibration] = None

    def __str__(self) -> str:
        """Tell the thresholds in one line, and what they bring."""
        return (f'min_score {self.min_score:.4f}, min_margin {self.min_margin:.4f}: answers '
                f'{self.recall:.1%} rightly at a precision of {self.precision:.1%}')


def store_calibration(folder: Path, calibration: Calibration) -> None:
    """
    Put a calibration into a map, in place of an older one; all else stays as it is.

    :raises MapError: there is no map.
    """
    meta = MapMeta.read(folder)
    kept = {name: digest for name, digest in meta.files.items() if name != CALIBRATION}
    with replacing_folder(folder, META) as aside:
        for name in kept:
            _link(folder / name, aside / name)
        stored = {**asdict(calibration), 'curve': [list(point) for point in calibration.curve]}
        (aside / CALIBRATION).write_text(
            yaml.safe_dump(stored, sort_keys=False, default_flow_style=None), encoding='utf-8')
        replace(meta, files={**kept, CALIBRATION: file_hash(aside / CALIBRATION)}).save(aside)


def read_calibration(path: Path) -> Calibration:
    """
    Read and check the calibration of a map.

    :raises MapError: the file is another one, or holds a value that no calibration can have.
    """
    stored = read_yaml(path, MapError)
    names = [field.name for field in fields(Calibration)]
    if isinstance(stored, dict):
        # Of before there was a second stage.
        stored.setdefault('reranked', None)
    if not isinstance(stored, dict) or set(stored) != set(names):
        raise MapError(f'{path}: expected {", ".join(names)}, found {brief(stored)}')
    for name in names:
        if not _fits(name, stored[name]):
            raise MapError(f'{path}: expected {_EXPECTED.get(name, "a share of 0 to 1")} as '
                           f'{name}, found {brief(stored[name])}')
    reranked = stored['reranked']
    if reranked is not None:
        reranked = RerankedCalibration(
            **{**reranked, 'confidence': Confidence(**reranked['confidence'])})
    return Calibration(**{**stored, 'curve': tuple(map(tuple, stored['curve'])),
                          'reranked': reranked})


def _link(source: Path, target: Path) -> None:
    # The files of a map are never written again, so that two maps may share them.
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


_COUNTS = ('drives', 'inside', 'outside')
_BOUNDS = {'min_score': (-1, 1), 'min_margin': (0, 2)}
_EXPECTED = {
    'min_score': 'a number of -1 to 1', 'min_margin': 'a number of 0 to 2',
    **dict.fromkeys(_COUNTS, 'a count'),
    'curve': f'at most {MOST_POINTS} lists of threshold, precision and recall',
    'reranked': 'null, or a threshold, precision, recall and confidence'}
# Far beyond what a fit may find: nothing overflows.
_LARGEST = 1e4


def _fits(name: str, value: Any) -> bool:
    if name in _COUNTS:
        return type(value) is int and value >= 0
    if name == 'reranked':
        return value is None or _is_reranked(value)
    if name != 'curve':
        return _is_number(value, *_BOUNDS.get(name, (0, 1)))
    return isinstance(value, list) and len(value) <= MOST_POINTS and all(
        isinstance(point, list) and len(point) == 3 and _is_number(point[0], -2, 2)
        and all(_is_number(share, 0, 1) for share in point[1:]) for point in value)


def _is_reranked(value: Any) -> bool:
    return (_has_fields(value, RerankedCalibration)
            and all(_is_number(value[name], 0, 1) for name in ('min_score', 'precision', 'recall'))
            and _is_confidence(value['confidence']))


def _is_confidence(value: Any) -> bool:
    if not _has_fields(value, Confidence):
        return False
    skip_lead = value['skip_lead']
    return ((skip_lead is None or _is_number(skip_lead, 0, 2))
            and all(_is_number(value[name], -_LARGEST, _LARGEST)
                    for name in ('intercept', 'plain_intercept'))
            and all(_is_number(value[name], 0, _LARGEST)
                    for name in ('inliers', 'lead', 'plain_lead')))


def _has_fields(value: Any, kind: type) -> bool:
    return isinstance(value, dict) and set(value) == {field.name for field in fields(kind)}


def _is_number(value: Any, low: float, high: float) -> bool:
    # NaN is between no two numbers.
    return type(value) in (int, float) and low <= value <= high
