# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The partition of query-positive pairs by who knows them: teacher, student, both or neither.

x is the rank of the positive under the SEG teacher, y its rank under the RGB student, and the
threshold N_t (``rank_threshold``) says which ranks are right. Conditions as in METHOD.md, from
the figure of the StructVPR poster; the default of N_t is ours.
"""

from typing import Mapping

import numpy as np
from numpy.typing import NDArray

RANK_THRESHOLD = 10

# The four disjoint groups in the order of their numbers, and the unions that have a name.
UNIONS: Mapping[str, tuple[int, ...]] = {
    'd1': (1,), 'd2': (2,), 'd3': (3,), 'd4': (4,), 's1': (1, 2, 3), 's2': (4,)}


def partition(teacher_ranks: NDArray[np.int64], student_ranks: NDArray[np.int64],
              rank_threshold: int = RANK_THRESHOLD) -> NDArray[np.int8]:
    """
    Return the group 1..4 (D1..D4) of each pair.

    D1: x <= N_t < y, the teacher alone is right. D2: x <= y <= N_t, both right, the teacher at
    least as good (ties fall here). D3: y < x <= N_t, both right, the student better. D4:
    x > N_t, the teacher is wrong.

    :param teacher_ranks: (P,) x, from 1 on.
    :param student_ranks: (P,) y, from 1 on.
    :return: (P,) int8.
    """
    known, learned = teacher_ranks <= rank_threshold, student_ranks <= rank_threshold
    return np.select(
        [~known, ~learned, teacher_ranks <= student_ranks], [4, 1, 2], default=3).astype(np.int8)


def in_group(name: str, groups: NDArray[np.int8], student_ranks: NDArray[np.int64],
             rank_threshold: int = RANK_THRESHOLD) -> NDArray[np.bool_]:
    """
    Return which pairs belong to one of d1..d4, s1, s2, r1, r2.

    S1 = D1 + D2 + D3 (the teacher is right), S2 = D4; R1: y <= N_t (the student is right),
    R2: y > N_t.
    """
    if name in UNIONS:
        return np.isin(groups, UNIONS[name])
    right = student_ranks <= rank_threshold
    return {'r1': right, 'r2': ~right}[name]


def shares(groups: NDArray[np.int8], student_ranks: NDArray[np.int64],
           rank_threshold: int = RANK_THRESHOLD) -> dict[str, float]:
    """Return the share, 0..1, of each named group among the pairs, of which there is one."""
    return {name: float(in_group(name, groups, student_ranks, rank_threshold).mean())
            for name in (*UNIONS, 'r1', 'r2')}
