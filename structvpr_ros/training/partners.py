# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which of its positives makes a pair with an image, to tell who knows that image."""

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Relations


def partners(table: PlaceTable, relations: Relations) -> NDArray[np.int64]:
    """
    Choose one pair of each image that has a positive (ours).

    An image of a route has dozens of positives. If each made a pair, nearly every image would be
    in pairs that the teacher knows and in pairs that it does not, and whatever group is
    distilled, the same images would be. One pair says whether an image is known: with the
    positive that shows the same scene under another condition, from the nearest pose. Distance
    goes before heading, and where neither is known the first row is taken.

    :param table: the training rows.
    :param relations: of these rows among themselves.
    :return: int64 (S,), rows of ``Relations.pairs()``, one for each query, ascending.
    """
    pairs = relations.pairs()
    query, positive = pairs.T
    conditions = np.array(table.conditions)
    distance = np.zeros(len(pairs)) if table.positions is None else np.linalg.norm(
        table.positions[query] - table.positions[positive], axis=1)
    # Unlike the angle, the chord needs no care at a full turn.
    turn = np.nan_to_num(np.abs(
        np.exp(1j * table.headings[query]) - np.exp(1j * table.headings[positive])))
    order = np.lexsort(
        (positive, turn, distance, conditions[query] == conditions[positive], query))
    first = np.unique(query[order], return_index=True)[1]
    return order[first]
