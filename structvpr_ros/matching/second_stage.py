# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The second stage of a Localizer: the first places of an image verified by local features."""

from dataclasses import dataclass, replace
from typing import Literal, Mapping, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.inference.engine_choice import EngineKind
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.registry import create_extractor, create_matcher
from structvpr_ros.matching.default_confidence import DEFAULT_CONFIDENCE
from structvpr_ros.matching.leads import leads
from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.matching.reranking import rerank, verify
from structvpr_ros.place_map.place_map import PlaceMap

Rerank = Literal['auto', 'off']

CANDIDATES = 10


@dataclass(frozen=True)
class Judged:
    """
    What the second stage makes of an image.

    :param candidates: re-ranked; the score of each is the probability, 0 to 1, that it is right,
        and never more than that of a better-ranked one.
    :param evidence: what geometry says for each place that was verified, by its ID, as
        ``SequenceFilter.update`` has it.
    """

    candidates: tuple[Candidate, ...]
    evidence: Mapping[str, float]


class SecondStage:
    """
    Re-ranks the first places of an image, in a map that has local features.

    It holds no state between images; several threads may call it at once.

    :ivar kind: of the local features.
    :ivar candidates: how many places are verified at most.
    :ivar confidence: what tells the probabilities: the map's own, if it was calibrated.
    """

    def __init__(self, place_map: PlaceMap, candidates: int = CANDIDATES,
                 engine: EngineKind = 'onnx', threads: int = 0) -> None:
        """
        Load what finds the features of an image.

        :param place_map: has local features.
        :param candidates: how many places are verified at most.
        :param engine: what finds the features, as ``threads`` of ``create_extractor``.
        :raises ConfigurationError: candidates are less than 1, or the engine is missing.
        :raises ModelError: the network of the features cannot be loaded.
        """
        if candidates < 1:
            raise ConfigurationError(f'expected at least 1 of candidates, found {candidates}')
        self.kind = place_map.features.record.kind
        self.candidates = candidates
        calibration = place_map.calibration
        reranked = calibration and calibration.reranked
        self.confidence = reranked.confidence if reranked else DEFAULT_CONFIDENCE[self.kind]
        self._folder = place_map.folder
        self._features = place_map.features
        self._extractor = create_extractor(self.kind, engine, threads)
        self._matcher = create_matcher(self.kind)

    def judge(self, image: NDArray[np.uint8], candidates: Sequence[Candidate]) -> Judged:
        """
        Verify the first places of an image, unless the best one is far ahead of the others.

        :param image: RGB uint8 (H, W, 3) of any size.
        :param candidates: of the map, ranked by similarity, at least one.
        :raises ImageError: the array is no such image.
        :raises MapError: the features of the map are corrupt.
        """
        ahead = leads(candidates)
        unverified = self.confidence.plain(ahead)
        if self.confidence.is_decisive(ahead[0]):
            return Judged(_scored(candidates, unverified), {})
        first = candidates[:self.candidates]
        inliers = self.inliers(self.extract(image), first)
        probabilities = self.confidence.verified(inliers, ahead[:len(first)])
        order = rerank(inliers)
        evidence = dict(zip((candidate.place for candidate in first),
                            self.confidence.evidence(inliers).tolist()))
        return Judged(
            _scored([*(first[row] for row in order), *candidates[len(first):]],
                    np.concatenate([probabilities[order], unverified[len(first):]])), evidence)

    def extract(self, image: NDArray[np.uint8]) -> LocalFeatures:
        """
        Find the features of an RGB image, uint8 (H, W, 3) of any size.

        :raises ImageError: the array is no such image.
        """
        return self._extractor.extract(image)

    def inliers(self, query: LocalFeatures,
                candidates: Sequence[Candidate]) -> NDArray[np.int64]:
        """
        Count the inliers of an image with each of K places, (K,); see ``verify``.

        :param query: the features of the image; as many are used as a frame of the map may have.
        :raises MapError: the features of the map are corrupt, or others than its head says.
        """
        record = self._features.record
        if query.descriptors.shape[1] != record.size:
            raise MapError(f'{self._folder}: expected descriptors of {query.descriptors.shape[1]} '
                           f'numbers, as {self.kind} has, found {record.size}')
        strongest = LocalFeatures(query.points[:record.most], query.descriptors[:record.most])
        frames = [self._features[candidate.frame.row] for candidate in candidates]
        return verify(strongest, frames, self._matcher)


def open_second_stage(place_map: PlaceMap, rerank: Rerank = 'auto',
                      candidates: int = CANDIDATES, engine: EngineKind = 'onnx',
                      threads: int = 0) -> Optional[SecondStage]:
    """
    Return the second stage for a map; None where it has no local features, or for ``off``.

    :raises StructVPRError: as ``SecondStage``.
    """
    if rerank == 'off' or place_map.features is None:
        return None
    return SecondStage(place_map, candidates, engine, threads)


def _scored(candidates: Sequence[Candidate],
            probabilities: NDArray[np.float64]) -> tuple[Candidate, ...]:
    # A worse-ranked one is no surer, or the ranks would say something else than the scores.
    falling = np.minimum.accumulate(probabilities).tolist()
    return tuple(replace(candidate, score=score)
                 for candidate, score in zip(candidates, falling, strict=True))
