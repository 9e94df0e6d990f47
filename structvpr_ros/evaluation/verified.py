# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What both stages make of images whose true places are known."""

from dataclasses import dataclass, fields
from typing import Iterable, NamedTuple, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.proximity import Proximity
from structvpr_ros.evaluation.asked import leave_drives_out
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.matching.leads import leads
from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.matching.reranking import rerank
from structvpr_ros.matching.second_stage import SecondStage
from structvpr_ros.place_map.confidence import Confidence
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.place_map import PlaceMap


class Look(NamedTuple):
    """What both stages make of one image; the columns are those of ``Verified``."""

    lead: float
    right: bool
    verified_inliers: int
    verified_lead: float
    verified_right: bool
    inside: bool


@dataclass(frozen=True)
class Verified:
    """
    The best answers of both stages to Q images.

    :param lead: (Q,) of the first stage's best place; see ``leads``.
    :param right: (Q,) bool, that place is where the image was taken.
    :param verified_inliers: (Q,) of the second stage's best place.
    :param verified_lead: (Q,) of that.
    :param verified_right: (Q,) bool, likewise.
    :param inside: (Q,) bool, something of the map was taken there.
    """

    lead: NDArray[np.float64]
    right: NDArray[np.bool_]
    verified_inliers: NDArray[np.int64]
    verified_lead: NDArray[np.float64]
    verified_right: NDArray[np.bool_]
    inside: NDArray[np.bool_]

    @classmethod
    def of(cls, looks: Sequence[Look]) -> 'Verified':
        """Gather what ``look`` saw, image by image."""
        kinds = (np.float64, np.bool_, np.int64, np.float64, np.bool_, np.bool_)
        return cls(*(np.array([one[column] for one in looks], kind)
                     for column, kind in enumerate(kinds)))

    def __len__(self) -> int:
        return len(self.lead)

    def joined(self, other: 'Verified') -> 'Verified':
        """Return the images of both."""
        return Verified(*(np.concatenate([getattr(self, field.name), getattr(other, field.name)])
                          for field in fields(self)))

    def told(self, confidence: Confidence) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the probabilities that would be told, (Q,), and whether the answers are right."""
        decisive = np.array([confidence.is_decisive(lead) for lead in self.lead])
        return (np.where(decisive, confidence.plain(self.lead),
                         confidence.verified(self.verified_inliers, self.verified_lead)),
                np.where(decisive, self.right, self.verified_right))


def look(stage: SecondStage, frames: Sequence[Frame], similar: NDArray[np.float32],
         features: LocalFeatures, positive: NDArray[np.bool_], inside: bool) -> Look:
    """
    Rank the places of a map and verify the first, whatever their lead.

    :param similar: (N,) similarities of the image to the frames; -inf leaves one out.
    :param features: of the image.
    :param positive: (N,) bool, the frames that are right.
    :param inside: something of the map was taken where the image was.
    """
    candidates = best_places(frames, similar, stage.candidates)
    ahead, inliers = leads(candidates), stage.inliers(features, candidates)
    right = [bool(positive[candidate.frame.row]) for candidate in candidates]
    first = int(rerank(inliers)[0])
    return Look(float(ahead[0]), right[0], int(inliers[first]), float(ahead[first]),
                right[first], inside)


def look_own(place_map: PlaceMap, stage: SecondStage, drives: NDArray[np.int64],
             rows: NDArray[np.int64], proximity: Proximity) -> tuple[Verified, Verified]:
    """
    Look images of a map up twice, as ``ask_own`` does, by the features that the map has of them.

    :return: the answers of the other drives, and those of all but the image's surroundings, the
        image's own drive among it.
    """
    with_place, without = [], []
    for block in leave_drives_out(place_map, drives, rows, proximity):
        for number, row in enumerate(block.rows.tolist()):
            features, positive = place_map.features[row], block.positive[number]
            if block.clear[number] and np.isfinite(block.similar[number]).any():
                with_place.append(look(stage, place_map.frames, block.similar[number], features,
                                       positive, bool(positive.any())))
            if np.isfinite(block.elsewhere[number]).any():
                without.append(look(stage, place_map.frames, block.elsewhere[number], features,
                                    np.zeros_like(positive), False))
    return Verified.of(with_place), Verified.of(without)


def look_elsewhere(place_map: PlaceMap, stage: SecondStage, descriptors: NDArray[np.float32],
                   features: Iterable[LocalFeatures]) -> Verified:
    """
    Look up images that show no place of a map.

    :param descriptors: (Q, D) float32, unit length.
    :param features: of each.
    """
    stored = place_map.descriptors()
    nothing = np.zeros(len(stored), bool)
    return Verified.of([look(stage, place_map.frames, stored @ descriptor, found, nothing, False)
                        for descriptor, found in zip(descriptors, features, strict=True)])


def best_places(frames: Sequence[Frame], similar: NDArray[np.float32],
                count: int) -> tuple[Candidate, ...]:
    """
    Rank places by their best frame, as ``rank_places`` does by an index.

    :param similar: (N,) similarities to the frames; -inf leaves one out.
    """
    best: dict[str, Candidate] = {}
    for row in np.argsort(-similar, kind='stable').tolist():
        if len(best) == count or not np.isfinite(similar[row]):
            break
        frame = frames[row]
        best.setdefault(frame.place, Candidate(frame.place, float(similar[row]), frame))
    return tuple(best.values())
