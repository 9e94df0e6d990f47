# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The partitioned and weighed pairs of one distillation, and how they are kept for a look."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import yaml

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Relations
from structvpr_ros.evaluation.partition import partition, shares
from structvpr_ros.evaluation.ranks import pair_ranks
from structvpr_ros.storage import replacing_file
from structvpr_ros.training.partners import partners
from structvpr_ros.training.weights import distillation_weights, Group

SUMMARY, PAIRS = 'partition.yaml', 'partition.npz'


@dataclass(frozen=True)
class PairPartition:
    """
    A query-positive pair of each training row that has a positive, see ``partners``.

    :param pairs: (S, 2) int64 rows: query, positive; each query once, ascending.
    :param teacher_ranks: (S,) x.
    :param student_ranks: (S,) y.
    :param groups: (S,) 1..4 for D1..D4.
    :param weights: (S,) weights of the queries in the distillation loss.
    :param group: the setting that the weights come from.
    :param rank_threshold: N_t.
    """

    pairs: NDArray[np.int64]
    teacher_ranks: NDArray[np.int64]
    student_ranks: NDArray[np.int64]
    groups: NDArray[np.int8]
    weights: NDArray[np.float64]
    group: Group
    rank_threshold: int

    @classmethod
    def make(cls, teacher: NDArray[np.float32], student: NDArray[np.float32],
             table: PlaceTable, relations: Relations, group: Group,
             rank_threshold: int) -> 'PairPartition':
        """
        Rank, partition and weigh.

        :param teacher: (N, D) descriptors of the training rows by the SEG branch.
        :param student: (N, D) likewise by the RGB branch.
        :param table: those rows.
        :param relations: of these rows among themselves.
        :raises DatasetError: no pair is in the group.
        """
        known = pair_ranks(teacher, teacher, relations)
        chosen = partners(table, relations, known)
        known = known[chosen]
        learned = pair_ranks(student, student, relations)[chosen]
        return cls(
            relations.pairs()[chosen], known, learned, partition(known, learned, rank_threshold),
            distillation_weights(group, known, learned, rank_threshold), group, rank_threshold)

    def row_weights(self, count: int) -> NDArray[np.float64]:
        """
        Return the weight of each of ``count`` training rows as a query of the distillation loss.

        The loss is to be the mean over the queries that are distilled, so that groups are
        compared by what they teach and not by how many they are. But a batch holds as few of
        them as chance will have it, and a mean over these alone would be loud. So weights are
        divided by the share of the queries that are distilled: then the mean over all queries of
        a batch is that mean on average.

        :return: (count,); 0 where a row has no positive or is not distilled. Its mean over the
            rows with a positive is 1, unless none is distilled.
        """
        weights = np.zeros(count)
        if self.weights.any():
            weights[self.pairs[:, 0]] = self.weights / (self.weights > 0).mean()
        return weights

    def shares(self) -> dict[str, float]:
        """Return the share, 0..1, of each named group."""
        return shares(self.groups, self.student_ranks, self.rank_threshold)

    def save(self, folder: Path, table: PlaceTable) -> None:
        """
        Write partition.yaml, the shares, and partition.npz, every pair; neither holds a pickle.

        :param table: the training rows, whose image paths go along.
        """
        with replacing_file(folder / PAIRS) as aside:
            np.savez_compressed(
                aside, images=np.array(table.images), pairs=self.pairs,
                teacher_ranks=self.teacher_ranks, student_ranks=self.student_ranks,
                groups=self.groups, weights=self.weights)
        summary = {
            'group': self.group, 'rank_threshold': self.rank_threshold, 'pairs': len(self.pairs),
            'distilled': int((self.weights > 0).sum()), 'shares': self.shares()}
        with replacing_file(folder / SUMMARY) as aside:
            aside.write_text(yaml.safe_dump(summary, sort_keys=False), encoding='utf-8')
