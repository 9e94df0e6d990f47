# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Who knows the queries: the partition of METHOD.md for each teacher and student of a trial."""

from dataclasses import dataclass
from typing import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.evaluation.partition import partition, RANK_THRESHOLD, shares
from structvpr_ros.evaluation.ranks import pair_ranks
from structvpr_ros.evaluation.systems import System
from structvpr_ros.evaluation.trial import Trial


@dataclass(frozen=True)
class Knowledge:
    """
    How the query-positive pairs of a trial fall into groups.

    :param teacher: name of a system of the SEG branch.
    :param student: name of a system of the RGB branch.
    :param pairs: how many there are.
    :param rank_threshold: N_t, the last rank that counts as right.
    :param shares: 0..1 by the name of the group: d1 to d4, s1, s2, r1, r2.
    """

    teacher: str
    student: str
    pairs: int
    rank_threshold: int
    shares: Mapping[str, float]


def compare_knowledge(systems: Sequence[System], trial: Trial) -> list[Knowledge]:
    """Partition the trial's pairs for every teacher (SEG) with every student (RGB) there is."""
    teachers, students = ([system for system in systems if system.branch == branch]
                          for branch in ('seg', 'rgb'))
    if not teachers or not students:
        return []
    ranks = {system.name: pair_ranks(system.queries, system.database, trial.relations)
             for system in (*teachers, *students)}
    return [_compare(teacher.name, student.name, ranks) for teacher in teachers
            for student in students]


def _compare(teacher: str, student: str, ranks: Mapping[str, NDArray[np.int64]]) -> Knowledge:
    known, learned = ranks[teacher], ranks[student]
    return Knowledge(teacher, student, len(known), RANK_THRESHOLD,
                     shares(partition(known, learned), learned))
