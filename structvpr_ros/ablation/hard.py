# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The measure of the ablation: recall where it is hard."""

from typing import AbstractSet, Sequence

from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.score import ALL, Score


def hard_recall(scores: Sequence[Score], known: AbstractSet[str]) -> float:
    """
    Return R@1, 0..1, over all queries of conditions that the map does not know.

    :param scores: of one system, a row per condition.
    :param known: the conditions of the map's images.
    :raises DatasetError: there are no such queries.
    """
    hard = [row for row in scores if row.condition not in known and row.condition != ALL]
    total = sum(row.answerable for row in hard)
    if not total:
        raise DatasetError('expected queries in conditions that the map does not know, as what '
                           'distillation is for; found those of '
                           f'{", ".join(row.condition for row in scores)}')
    return sum(row.measures['R@1'].value * row.answerable for row in hard) / total
