# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How much each query-positive pair counts in distillation."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.partition import in_group, partition, RANK_THRESHOLD

# The poster's ablation: 'weighted' is the method, the others distil a group with equal weights.
# Behind it ours: one factor of the weights alone.
Group = Literal[
    'none', 'all', 'd1', 'd2', 'd3', 'd4', 's1', 's2', 'r1', 'r2', 'weighted', 'level', 'gain',
    'control']


def knowledge_level(teacher_ranks: NDArray[np.int64],
                    rank_threshold: int = RANK_THRESHOLD) -> NDArray[np.float64]:
    """Return 1 at x = 1, falling in a line to 0 at x = N_t + 1: (P,) float64 in [0, 1]."""
    return np.clip((rank_threshold + 1 - teacher_ranks) / rank_threshold, 0, 1)


def knowledge_gain(teacher_ranks: NDArray[np.int64], student_ranks: NDArray[np.int64],
                   rank_threshold: int = RANK_THRESHOLD) -> NDArray[np.float64]:
    """Return 1 + tanh((y - x) / N_t), 1 where both rank the pair alike: (P,) in [0, 2]."""
    return 1 + np.tanh((student_ranks - teacher_ranks) / rank_threshold)


def knowledge_weights(teacher_ranks: NDArray[np.int64], student_ranks: NDArray[np.int64],
                      rank_threshold: int = RANK_THRESHOLD) -> NDArray[np.float64]:
    """
    Return the weight of each pair before normalisation: level(x) * gain(y - x).

    The poster says in words that the weight grows with the teacher's knowledge and with the gap
    between teacher and student; the two functions are ours. The level is 0 in D4, which so
    gets nothing.

    :return: (P,) float64 in [0, 2), positive just where x <= N_t.
    """
    return (knowledge_level(teacher_ranks, rank_threshold)
            * knowledge_gain(teacher_ranks, student_ranks, rank_threshold))


def distillation_weights(group: Group, teacher_ranks: NDArray[np.int64],
                         student_ranks: NDArray[np.int64],
                         rank_threshold: int = RANK_THRESHOLD) -> NDArray[np.float64]:
    """
    Return the weight of each pair in the distillation loss under one setting of the ablation.

    :param group: ``weighted``: the knowledge weights; ``level`` or ``gain``: one factor of them
        alone, where x <= N_t; ``all`` or ``control``: 1 for all pairs; the name of a group: 1
        for its pairs and 0 for the others; ``none``: 0 for all.
    :return: (P,) float64, its mean over the pairs that are distilled (weight > 0) is 1.
    :raises DatasetError: no pair would be distilled though the group asks for it.
    """
    if group == 'none':
        return np.zeros(len(teacher_ranks))
    if group == 'weighted':
        weights = knowledge_weights(teacher_ranks, student_ranks, rank_threshold)
    elif group == 'level':
        weights = knowledge_level(teacher_ranks, rank_threshold)
    elif group == 'gain':
        weights = (knowledge_gain(teacher_ranks, student_ranks, rank_threshold)
                   * (teacher_ranks <= rank_threshold))
    elif group in ('all', 'control'):
        weights = np.ones(len(teacher_ranks))
    else:
        groups = partition(teacher_ranks, student_ranks, rank_threshold)
        weights = in_group(group, groups, student_ranks, rank_threshold).astype(np.float64)
    distilled = weights > 0
    if not distilled.any():
        raise DatasetError(f'none of {len(weights)} query-positive pairs is in group {group!r} '
                           f'at a rank threshold of {rank_threshold}: nothing to distil')
    return weights / weights[distilled].mean()
