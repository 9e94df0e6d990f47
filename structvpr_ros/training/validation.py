# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""R@K on the validation splits, between epochs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Union

import numpy as np
from torch import nn

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity, relate, Relations
from structvpr_ros.evaluation.answers import rank_database
from structvpr_ros.evaluation.outcomes import judge
from structvpr_ros.evaluation.recall import RECALL_AT, recall_at
from structvpr_ros.inference.describe import describe
from structvpr_ros.inference.samples import open_samples, Samples
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.frozen_views import FrozenViews

MAP_SPLIT, QUERY_SPLIT = 'val_map', 'val_query'


@dataclass(frozen=True)
class Validation:
    """Queries, the images they are sought among, and which of these are right."""

    queries: Union[Samples, FrozenViews]
    database: Union[Samples, FrozenViews]
    relations: Relations
    database_size: int

    @classmethod
    def open(cls, card: ModelCard, table: PlaceTable, slme: Path,
             proximity: Proximity) -> Optional['Validation']:
        """
        Open the validation splits of a data set; None where it has none.

        :raises StructVPRError: as ``open_samples``.
        """
        if not {MAP_SPLIT, QUERY_SPLIT} <= set(table.splits):
            return None
        queries, database = table.select(QUERY_SPLIT), table.select(MAP_SPLIT)
        return cls(open_samples(card, queries, slme), open_samples(card, database, slme),
                   relate(queries, database, proximity), len(database))

    def score(self, network: nn.Module) -> dict[str, float]:
        """Return R@K for each K of ``RECALL_AT``, in 0..1, under names like ``R@1``."""
        queries = describe(network, self.queries, np.arange(len(self.relations.positives)))
        database = describe(network, self.database, np.arange(self.database_size))
        outcomes = judge(rank_database(queries, database, max(RECALL_AT)),
                         self.relations.positives)
        return {f'R@{depth}': float(recall_at(depth, outcomes, outcomes.once)[0])
                for depth in RECALL_AT}
