# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The answer to one image: ranked places, whether they are trusted, and what they cost."""

from dataclasses import dataclass
from typing import Mapping

from structvpr_ros.place_map.frame import Frame


@dataclass(frozen=True)
class Candidate:
    """
    A place that the image may show.

    :param place: the place's ID.
    :param score: the probability that the image was taken there, 0 to 1, where a second stage or
        a sequence filter is at work; where neither is, the inner product of unit descriptors, -1
        to 1, of its best frame.
    :param frame: that best frame.
    """

    place: str
    score: float
    frame: Frame


@dataclass(frozen=True)
class Recognition:
    """
    What the Localizer makes of one image.

    :param stamp: seconds, as given with the image.
    :param candidates: distinct places, best first; never empty, also when not localized.
    :param localized: the decision trusts the first candidate.
    :param timings: seconds of each stage: preprocess, describe, search, verify (only with a
        second stage), follow (only with a sequence filter), decide.
    :param support: the places that may speak for the first candidate, itself among them, with
        scores of the same kind; empty stands for the candidates.
    """

    stamp: float
    candidates: tuple[Candidate, ...]
    localized: bool
    timings: Mapping[str, float]
    support: tuple[Candidate, ...] = ()
