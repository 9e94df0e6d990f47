# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How much each query-positive pair counts in distillation."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.partition import in_group, partition, RANK_THRESHOLD

# The poster's ablation: 'weighted' is the method, the others distil a group with equal weights.
Group = Literal[
    'none', 'all', 'd1', 'd2', 'd3', 'd4', 's1', 's2', 'r1', 'r2', 'weighted']


def knowledge_weights(teacher_ranks: NDArray[np.int64], student_ranks: NDArray[np.int64],
                      rank_threshold: int = RANK_THRESHOLD) -> NDArray[np.float64]:
    """
    Return the weight of each pair before normalisation: level(x) * gain(y - x).

    The poster says in words that the weight grows with the teacher's knowledge and with the gap
    between teacher and student; the two functions are ours. ``level`` falls in a line from 1
    at x = 1 to 0 at x = N_t + 1, so D4 gets nothing; ``gain = 1 + tanh((y - x) / N_t)`` lies in
    (0, 2), and is 1 where both rank the pair alike.

    :return: (P,) float64 in [0, 2), positive just where x <= N_t.
    """
    level = np.clip((rank_threshold + 1 - teacher_ranks) / rank_threshold, 0, 1)
    gain = 1 + np.tanh((student_ranks - teacher_ranks) / rank_threshold)
    return level * gain


def distillation_weights(group: Group, teacher_ranks: NDArray[np.int64],
                         student_ranks: NDArray[np.int64],
                         rank_threshold: int = RANK_THRESHOLD) -> NDArray[np.float64]:
    """
    Return the weight of each pair in the distillation loss under one setting of the ablation.

    :param group: ``weighted``: the knowledge weights; ``all`` or the name of a group: 1 for its
        pairs and 0 for the others; ``none``: 0 for all.
    :return: (P,) float64, its mean over the pairs that are distilled (weight > 0) is 1.
    :raises DatasetError: no pair would be distilled though the group asks for it.
    """
    if group == 'none':
        return np.zeros(len(teacher_ranks))
    if group == 'weighted':
        weights = knowledge_weights(teacher_ranks, student_ranks, rank_threshold)
    elif group == 'all':
        weights = np.ones(len(teacher_ranks))
    else:
        groups = partition(teacher_ranks, student_ranks, rank_threshold)
        weights = in_group(group, groups, student_ranks, rank_threshold).astype(np.float64)
    distilled = weights > 0
    if not distilled.any():
        raise DatasetError(f'none of {len(weights)} query-positive pairs is in group {group!r} '
                           f'at a rank threshold of {rank_threshold}: nothing to distil')
    return weights / weights[distilled].mean()
