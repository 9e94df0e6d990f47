# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the best place is good enough to be called the place."""

from dataclasses import dataclass
from typing import Optional, Sequence

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.place_map.calibration import Calibration


@dataclass(frozen=True)
class Decision:
    """
    Two thresholds on the ranked places.

    The defaults accept every best place that does not point away from the image: scores depend
    on the model and the scenes, so thresholds are for who has measured them.

    :param min_score: the least score of the best place, -1 to 1; 0 to 1 where it is a
        probability.
    :param min_margin: the least lead of the best place over the second, 0 to 2. A map of one
        place has no second, and no margin binds.
    """

    min_score: float = 0.0
    min_margin: float = 0.0

    def __post_init__(self) -> None:
        # Written so that NaN fails too.
        if not -1.0 <= self.min_score <= 1.0:
            raise ConfigurationError(f'expected min_score in -1..1, found {self.min_score}')
        if not 0.0 <= self.min_margin <= 2.0:
            raise ConfigurationError(f'expected min_margin in 0..2, found {self.min_margin}')

    def accepts(self, candidates: Sequence[Candidate]) -> bool:
        """Return whether the first of the ranked, distinct places is trusted."""
        if not candidates or not candidates[0].score >= self.min_score:
            return False
        if len(candidates) == 1:
            return True
        return candidates[0].score - candidates[1].score >= self.min_margin


# With a sequence filter scores are probabilities: likelier there than anywhere else.
_RATHER_THAN_NOT = Decision(min_score=0.5)


def default_decision(calibration: Optional[Calibration], is_sequence: bool,
                     is_verified: bool = False) -> Decision:
    """
    Return the decision of who names no thresholds.

    :param calibration: of the map; it says nothing of the probabilities of a sequence filter.
    :param is_sequence: scores are the probabilities of a sequence filter.
    :param is_verified: scores are the probabilities of a second stage.
    """
    if is_sequence:
        return _RATHER_THAN_NOT
    if is_verified:
        reranked = calibration and calibration.reranked
        return Decision(reranked.min_score) if reranked else _RATHER_THAN_NOT
    if calibration is None:
        return Decision()
    return Decision(calibration.min_score, calibration.min_margin)
