# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Calibrating a map whose answers are re-ranked: how sure to be, and how sure to ask to be."""

import logging
from typing import Optional

import numpy as np

from structvpr_ros.evaluation.asked import Asked
from structvpr_ros.evaluation.fit_confidence import fit_confidence
from structvpr_ros.evaluation.thresholds import choose_thresholds, outside_weights
from structvpr_ros.evaluation.verified import Verified
from structvpr_ros.place_map.calibration import RerankedCalibration

_logger = logging.getLogger(__name__)


def calibrate_reranked(verified: Verified, precision: float,
                       outside_share: float) -> Optional[RerankedCalibration]:
    """
    Find how probable answers are, and from which probability on they are right so often.

    :param precision: that is asked for, 0 to 1.
    :param outside_share: of the images that the robot will see, those that show no place of the
        map; 0 to below 1.
    :return: None where no probability is high enough; a warning says so.
    """
    weights = outside_weights(verified.inside, outside_share)
    confidence = fit_confidence(verified, weights, precision)
    told, right = verified.told(confidence)
    chosen = choose_thresholds(Asked(told, np.full(len(told), np.inf), right, verified.inside),
                               weights, precision)
    if chosen is None:
        _logger.warning('no probability is high enough that %.1f%% of the re-ranked answers are '
                        'right: they go by the probabilities of maps that were not calibrated',
                        100 * precision)
        return None
    return RerankedCalibration(chosen.min_score, chosen.precision, chosen.recall, confidence)
