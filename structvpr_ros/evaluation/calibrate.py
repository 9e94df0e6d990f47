# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Calibrating a map: what score and what lead to ask of an answer, found from the map itself."""

from dataclasses import dataclass
import logging
from pathlib import Path
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.layouts import find_layout
from structvpr_ros.data.photos.photo_images import read_folder
from structvpr_ros.data.posed_images import PosedImages
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.data.table_images import TableImages
from structvpr_ros.errors import ConfigurationError, DatasetError, MapError
from structvpr_ros.evaluation.asked import ask_elsewhere, ask_own, Asked, joined
from structvpr_ros.evaluation.calibrate_reranked import calibrate_reranked
from structvpr_ros.evaluation.precision_recall import average_precision, recall_at_precision
from structvpr_ros.evaluation.thresholds import (choose_thresholds, outside_weights,
                                                 silent_thresholds, Thresholds)
from structvpr_ros.evaluation.verified import look_elsewhere, look_own, Verified
from structvpr_ros.inference.engine_choice import EngineKind, Provider
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.matching.second_stage import open_second_stage, SecondStage
from structvpr_ros.models.shipped import SHIPPED_STUDENT
from structvpr_ros.place_map.calibration import (Calibration, MOST_POINTS, Point,
                                                 RerankedCalibration, store_calibration)
from structvpr_ros.place_map.describing import described
from structvpr_ros.place_map.extracting import extracted
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.storage import changing_folder

_logger = logging.getLogger(__name__)

# Quantiles of the leads of right answers, of which the threshold may be one.
_LEADS = np.linspace(0.05, 0.5, 10)


@dataclass(frozen=True)
class CalibrateOptions:
    """
    Which map is calibrated, and to what.

    :param map: the map's folder.
    :param outside: folder of images that show no place of the map, a data set or any others;
        without it, images of the map are looked up in a map that lacks their surroundings.
    :param precision: the share of right answers among those given that is asked for, 0 to 1.
    :param outside_share: of the images that the robot will see, those that show no place of the
        map; 0 to below 1.
    :param proximity: what counts as the same place where the map has positions.
    :param queries: so many images of the map are looked up at most, evenly from all of it.
    :param model: folder of the bundle that built the map, which describes the images outside;
        the student that comes with the package if not given.
    :param engine: what runs it: onnx, openvino or torch, or auto for the best of them.
    :param threads: of the engine; 0 leaves the number to it.
    :param provider: cpu, cuda or tensorrt, or auto.
    """

    map: Path  # noqa: A003
    outside: Optional[Path] = None
    precision: float = 0.99
    outside_share: float = 0.5
    proximity: Proximity = Proximity()
    queries: int = 5000
    model: Optional[Path] = None
    engine: EngineKind = 'onnx'
    threads: int = 0
    provider: Provider = 'cpu'

    def __post_init__(self) -> None:
        if not 0 < self.precision <= 1:
            raise ConfigurationError(f'expected a precision of 0 to 1, found {self.precision}')
        if not 0 <= self.outside_share < 1:
            raise ConfigurationError(
                f'expected an outside_share of 0 to below 1, found {self.outside_share}')
        if self.queries < 1:
            raise ConfigurationError(f'expected at least 1 of queries, found {self.queries}')


def calibrate_map(options: CalibrateOptions) -> str:
    """
    Find the thresholds at which answers are right as often as is asked for; store them in the map.

    Each drive of the map, that is the images of one source and condition, is looked up in all
    the others. A map without two drives that see the same places is asked image by image, which
    flatters it: a warning says so. A calibration is lost when the map changes. In a map that has
    local features, the probabilities of re-ranked answers are calibrated as well, by what the map
    has of its own images.

    :return: some lines that tell what was found.
    :raises MapError: the map is bad, another model built it, no image of it has another one
        nearby, or no threshold gives answers that are right so often.
    :raises StructVPRError: the images outside or the bundle are bad.
    """
    folder = Path(options.map)
    with changing_folder(folder):
        place_map = PlaceMap.open(folder)
        questions, own, without = _ask_own(place_map, options)
        stage = open_second_stage(place_map)
        verified = stage and look_own(place_map, stage, questions.drives, questions.rows,
                                      options.proximity)
        if options.outside is not None:
            without, looked = _look_outside(place_map, stage, options)
            verified = stage and (verified[0], looked)
        reranked = verified and calibrate_reranked(
            verified[0].joined(verified[1]), options.precision, options.outside_share)
        calibration = _calibration(place_map, joined([own, without]), questions.count, options,
                                   reranked)
        store_calibration(folder, calibration)
    return _told(calibration)


def drive_numbers(place_map: PlaceMap) -> NDArray[np.int64]:
    """Return which drive each image of a map is of, (N,) from 0: its source and condition."""
    drives = [f'{frame.source}\0{frame.condition}' for frame in place_map.frames]
    return np.unique(drives, return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True)
class _Questions:
    # rows (Q,): the images that are looked up; drives (N,): of each image, as it is left out;
    # count: how many drives the map has of places that others have.
    rows: NDArray[np.int64]
    drives: NDArray[np.int64]
    count: int


def _ask_own(place_map: PlaceMap,
             options: CalibrateOptions) -> tuple[_Questions, Asked, Asked]:
    count, drives = len(place_map), drive_numbers(place_map)
    rows = np.unique(np.linspace(0, count - 1, min(options.queries, count)).astype(np.int64))
    questions = _Questions(rows, drives, int(drives.max()) + 1)
    asked = ask_own(place_map, drives, rows, options.proximity)
    if not asked[0].inside.any():
        _logger.warning('%s: no two drives see the same place: each image is looked up in its own '
                        'drive, whose light and weather are its own, so that recall is flattered; '
                        'add another drive', place_map.folder)
        questions = _Questions(rows, np.arange(count), 1)
        asked = ask_own(place_map, questions.drives, rows, options.proximity)
    if not asked[0].inside.any():
        raise MapError(
            f'{place_map.folder}: expected images of the same place, found none: with positions '
            f'within {options.proximity.positive_radius} m, without by the ID of their place')
    return questions, *asked


def _look_outside(place_map: PlaceMap, stage: Optional[SecondStage],
                  options: CalibrateOptions) -> tuple[Asked, Optional[Verified]]:
    engine = create_engine(options.model or SHIPPED_STUDENT, options.engine, options.threads,
                           options.provider)
    place_map.check_model(engine.card)
    images = _outside_images(Path(options.outside))
    kept = place_map.folder.resolve().with_name(f'{place_map.folder.resolve().name}.outside')
    record = place_map.features and place_map.features.record
    with described(images, engine, kept) as descriptors, \
            extracted(images, record and record.kind, record.most if record else 1,
                      kept) as features:
        return ask_elsewhere(place_map, descriptors), stage and look_elsewhere(
            place_map, stage, descriptors, features.features())


def _outside_images(folder: Path) -> PosedImages:
    # Whatever is no data set is just a folder of images.
    try:
        layout = find_layout(folder)
    except DatasetError:
        return read_folder(folder)
    return TableImages(layout.load(folder))


def _calibration(place_map: PlaceMap, asked: Asked, drives: int, options: CalibrateOptions,
                 reranked: Optional[RerankedCalibration]) -> Calibration:
    weights = outside_weights(asked.inside, options.outside_share)
    chosen = choose_thresholds(asked, weights, options.precision, _margins(place_map, asked))
    if chosen is None and reranked is not None:
        _logger.warning('%s: no similarity is high enough that %.1f%% of the answers are right: '
                        'without re-ranking there will be none', place_map.folder,
                        100 * options.precision)
        chosen = silent_thresholds(asked, weights)
    if chosen is None:
        raise MapError(f'{place_map.folder}: expected thresholds at which '
                       f'{options.precision:.1%} of the answers are right, found none: '
                       f'{asked.right.sum()} of {asked.inside.sum()} images find their place, but '
                       'score no higher than wrong answers do')
    answers, least = round(chosen.recall * asked.inside.sum()), _least_answers(options.precision)
    if answers < least:
        _logger.warning('%s: %d right answers at these thresholds; it takes %d to tell a '
                        'precision of %.1f%% from a worse one', place_map.folder, answers, least,
                        100 * options.precision)
    curve = chosen.curve
    return Calibration(
        min_score=chosen.min_score, min_margin=chosen.min_margin, target=options.precision,
        precision=chosen.precision, recall=chosen.recall,
        auc=float(average_precision(curve)[0]),
        recall_at_99=float(recall_at_precision(curve, 0.99)[0]),
        recall_at_100=float(recall_at_precision(curve, 1.0)[0]),
        drives=drives, inside=int(asked.inside.sum()), outside=int((~asked.inside).sum()),
        outside_share=options.outside_share, curve=_points(chosen), reranked=reranked)


def _least_answers(precision: float) -> int:
    # Among fewer, not one may be wrong; below a thousandth it would take too many.
    return round(1 / max(1 - precision, 1e-3))


def _margins(place_map: PlaceMap, asked: Asked) -> list[float]:
    """
    Return the thresholds of the lead to choose from.

    Where most places were seen by one drive only, the lead says nothing: a second drive that
    joins has a place of its own right beside, and the lead is gone.
    """
    drives: dict[str, set[int]] = {}
    for frame, drive in zip(place_map.frames, drive_numbers(place_map).tolist(), strict=True):
        drives.setdefault(frame.place, set()).add(drive)
    shared = sum(len(drives[frame.place]) > 1 for frame in place_map.frames)
    if 2 * shared < len(place_map) or not asked.right.any():
        return [0.0]
    leads = asked.margin[asked.right]
    return [0.0, *np.unique(np.quantile(leads[np.isfinite(leads)], _LEADS)).tolist()]


def _points(chosen: Thresholds) -> tuple[Point, ...]:
    curve = chosen.curve
    kept = np.unique([chosen.point, *np.linspace(
        0, len(curve.thresholds) - 1, min(MOST_POINTS - 1, len(curve.thresholds))).astype(int)])
    return tuple(zip(curve.thresholds[kept].tolist(), curve.precision[0, kept].tolist(),
                     curve.recall[0, kept].tolist(), strict=True))


def _told(calibration: Calibration) -> str:
    return '\n'.join((
        f'{calibration.inside} images of mapped places, from {calibration.drives} '
        f'{"drives" if calibration.drives > 1 else "drive"}; {calibration.outside} of none, '
        f'which count as {calibration.outside_share:.0%} of all',
        f'area under precision and recall {calibration.auc:.3f}; recall '
        f'{calibration.recall_at_99:.1%} at 99% precision, '
        f'{calibration.recall_at_100:.1%} at 100%',
        str(calibration),
        *([f're-ranked: {calibration.reranked}'] if calibration.reranked else [])))
