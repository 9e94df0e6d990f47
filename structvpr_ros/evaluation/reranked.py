# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A system with a second stage: its first answers re-ranked by local features."""

import logging
import time
from typing import Sequence

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.image_files import read_image
from structvpr_ros.evaluation.answers import Answers
from structvpr_ros.evaluation.extracted import FeatureCache
from structvpr_ros.evaluation.systems import System
from structvpr_ros.evaluation.trial import Trial
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.kinds import create_kind, MatchKind, WeightFiles
from structvpr_ros.matching.reranking import rerank, verified_scores, verify
from structvpr_ros.matching.second_stage import CANDIDATES
from structvpr_ros.matching.verification import Geometry

_logger = logging.getLogger(__name__)

_TIMED = 100  # queries
_NO_FILES = WeightFiles()


class RerankedSystem:
    """
    Another system whose first answers are re-ranked; it is judged like any ``System``.

    The score of an answer is its number of inliers, 0 for those that are not verified.

    :ivar name: that of the other system and the kind of features, as in ``student+xfeat``.
    """

    def __init__(self, system: System, kind: MatchKind, trial: Trial, cache: FeatureCache,
                 files: WeightFiles = _NO_FILES, geometry: Geometry = 'fundamental') -> None:
        """
        Put a second stage behind a system.

        :param trial: has the images of both, in the order of the system's descriptors.
        :param cache: finds their features.
        :raises StructVPRError: as ``create_kind``.
        """
        self.name = f'{system.name}+{kind}'
        self.branch = system.branch
        self.descriptor_size = system.descriptor_size
        self._system = system
        self._kind = kind
        self._trial = trial
        self._cache = cache
        self._extractor, self._matcher = create_kind(kind, files)
        self._geometry = geometry
        self._extracting: list[float] = []
        self._verifying: list[float] = []

    def answer(self, depth: int) -> Answers:
        """
        Answer all queries.

        :raises StructVPRError: as ``FeatureCache.extract``.
        """
        queries, database = (self._cache.extract(self._kind, self._extractor, table)
                             for table in (self._trial.queries, self._trial.database))
        answers = self._system.answer(max(depth, CANDIDATES))
        scores, rows = np.zeros_like(answers.scores), answers.rows.copy()
        for query in tqdm(range(len(rows)), desc=self.name, unit='query'):
            inliers = self._verify(queries[query],
                                   [database[row] for row in rows[query, :CANDIDATES]])
            order = rerank(inliers)
            rows[query, :len(order)] = rows[query, order]
            scores[query, :len(order)] = verified_scores(inliers[order])
        self._extracting = [self._time_extracting(query)
                            for query in range(min(_TIMED, len(rows)))]
        _logger.info('%s: median of %.1f ms for the features of a query, %.1f ms for %d '
                     'candidates', self.name, 1e3 * np.median(self._extracting),
                     1e3 * np.median(self._verifying), min(CANDIDATES, rows.shape[1]))
        return Answers(scores[:, :depth], rows[:, :depth])

    def search_time(self) -> float:
        """
        Return how long a query takes from its descriptor to its answer, in seconds.

        That of the first stage, and the medians of what the second took in ``answer``: to find
        the query's features and to verify the candidates, whose features a map has.
        """
        return float(self._system.search_time() + np.median(self._extracting)
                     + np.median(self._verifying))

    def _verify(self, query: LocalFeatures,
                frames: Sequence[LocalFeatures]) -> NDArray[np.int64]:
        started = time.perf_counter()
        inliers = verify(query, frames, self._matcher, self._geometry)
        self._verifying.append(time.perf_counter() - started)
        return inliers

    def _time_extracting(self, query: int) -> float:
        image = read_image(self._trial.queries.image_path(query))
        started = time.perf_counter()
        self._extractor.extract(image)
        return time.perf_counter() - started
