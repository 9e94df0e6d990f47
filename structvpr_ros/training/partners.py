# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which of its positives makes a pair with an image, to tell who knows that image."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Relations


def partners(table: PlaceTable, relations: Relations,
             teacher_ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Choose one pair of each image that has a positive (ours).

    An image of a route has dozens of positives. If each made a pair, nearly every image would be
    in pairs that the teacher knows and in pairs that it does not, and whatever group is
    distilled, the same images would be. One pair says whether an image is known. Candidates are
    the positives that show the same scene under another condition, from the nearest pose, one
    for each condition; among these it is that of the median rank, or an image that the teacher
    describes well would go for unknown whenever its partner is one that it describes badly.

    :param table: the training rows.
    :param relations: of these rows among themselves.
    :param teacher_ranks: (P,), of all of ``Relations.pairs()``.
    :return: int64 (S,), rows of ``Relations.pairs()``, one for each query, ascending.
    """
    candidates = _nearest_of_each_condition(table, relations)
    queries = relations.pairs()[candidates, 0]
    order = candidates[np.lexsort((candidates, teacher_ranks[candidates], queries))]
    _, first, count = np.unique(queries, return_index=True, return_counts=True)
    return order[first + (count - 1) // 2]


def _nearest_of_each_condition(table: PlaceTable, relations: Relations) -> NDArray[np.int64]:
    """
    Return rows of ``Relations.pairs()`` by query: the nearest positive of each other condition.

    The own condition counts where there is no other. Distance goes before heading, and where
    neither is known the first row is taken.
    """
    pairs = relations.pairs()
    query, positive = pairs.T
    condition = np.unique(table.conditions, return_inverse=True)[1]
    distance = np.zeros(len(pairs)) if table.positions is None else np.linalg.norm(
        table.positions[query] - table.positions[positive], axis=1)
    # Unlike the angle, the chord needs no care at a full turn.
    turn = np.nan_to_num(np.abs(
        np.exp(1j * table.headings[query]) - np.exp(1j * table.headings[positive])))
    is_other = condition[query] != condition[positive]
    usable = is_other | ~np.isin(query, query[is_other])
    order = np.lexsort((positive, turn, distance, condition[positive], query))
    order = order[usable[order]]
    kinds = np.stack([query[order], condition[positive[order]]], axis=1)
    return order[np.unique(kinds, axis=0, return_index=True)[1]]
