# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The systems of an evaluation: what each made of the queries, and how it searches."""

from dataclasses import dataclass
from pathlib import Path
import time
from typing import Callable, Optional

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.evaluation.answers import Answers, exact_index
from structvpr_ros.evaluation.described import DescriptorCache
from structvpr_ros.evaluation.peers import Peer
from structvpr_ros.evaluation.trial import Trial
from structvpr_ros.models.card import ModelCard
from structvpr_ros.place_map.place_map import PlaceMap

Search = Callable[[NDArray[np.float32], int], tuple[NDArray[np.float32], NDArray[np.int64]]]

_TIMED = 100  # queries


@dataclass(frozen=True)
class System:
    """
    One system under test.

    :param name: how it is called.
    :param branch: seg or rgb for a model bundle, None for a peer.
    :param queries: (Q, D) float32, unit length: the descriptors of the queries.
    :param database: (N, D) likewise of the database; None where a place map holds them.
    :param search: finds the K nearest images of the database: scores and rows, (Q, K) each.
    """

    name: str
    branch: Optional[str]
    queries: NDArray[np.float32]
    database: Optional[NDArray[np.float32]]
    search: Search

    @property
    def descriptor_size(self) -> int:
        """Return D."""
        return self.queries.shape[1]

    def answer(self, depth: int) -> Answers:
        """Answer all queries at once."""
        return Answers(*self.search(self.queries, depth))

    def search_time(self) -> float:
        """
        Return how long a query takes from its descriptor to its answer, in seconds.

        The median over queries that are searched one by one, as a robot does.
        """
        seconds = []
        for query in range(min(_TIMED, len(self.queries))):
            start = time.perf_counter()
            self.search(self.queries[query:query + 1], 1)
            seconds.append(time.perf_counter() - start)
        return float(np.median(seconds))


def model_system(model: Path, trial: Trial, cache: DescriptorCache) -> System:
    """
    Let a model bundle describe both queries and database.

    :raises StructVPRError: as ``DescriptorCache.describe``.
    """
    database = cache.describe(model, trial.database)
    return System(model.resolve().name, ModelCard.load(model).branch,
                  cache.describe(model, trial.queries), database, _exact(database))


def map_system(model: Path, place_map: PlaceMap, trial: Trial, cache: DescriptorCache) -> System:
    """
    Let a model bundle describe the queries, and search a place map as the robot does.

    :raises MapError: another model built the map.
    :raises StructVPRError: as ``DescriptorCache.describe``.
    """
    card = ModelCard.load(model)
    place_map.check_model(card)
    return System(model.resolve().name, card.branch, cache.describe(model, trial.queries), None,
                  place_map.search)


def peer_system(peer: Peer, trial: Trial) -> System:
    """
    Take a peer's descriptors of both, compared by the cosine of their angle.

    :raises DatasetError: as ``Peer.load``.
    """
    queries, database = peer.load(len(trial.queries), len(trial.database))
    return System(peer.name, None, queries, database, _exact(database))


def _exact(database: NDArray[np.float32]) -> Search:
    index = exact_index(database)
    return lambda queries, depth: index.search(
        np.ascontiguousarray(queries), min(depth, len(database)))
