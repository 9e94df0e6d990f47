# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What became of each query: how sure the system was, and where its first right answer stands."""

from dataclasses import dataclass
from typing import Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import DatasetError
from structvpr_ros.evaluation.answers import Answers

NEVER = int(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Outcomes:
    """
    The answers to Q queries, judged.

    :param score: (Q,) float32, of the best answer.
    :param rank: (Q,) int64, from 1: where the first right answer stands; ``NEVER`` where none
        of the answers is right.
    :param answerable: (Q,) bool, the database holds a positive of the query.
    """

    score: NDArray[np.float32]
    rank: NDArray[np.int64]
    answerable: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.score)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the best answer is right, (Q,)."""
        return self.rank == 1

    @property
    def once(self) -> NDArray[np.int64]:
        """Every query counted once, (1, Q)."""
        return np.ones((1, len(self)), np.int64)

    def take(self, chosen: NDArray) -> 'Outcomes':
        """Return the queries of a mask or of row numbers."""
        return Outcomes(self.score[chosen], self.rank[chosen], self.answerable[chosen])


def judge(answers: Answers, positives: Sequence[NDArray[np.int64]]) -> Outcomes:
    """
    Compare answers with the ground truth.

    :param positives: per query the database rows that are right.
    :raises DatasetError: no query has a positive, so there is nothing to measure.
    """
    answerable = np.array([len(right) > 0 for right in positives], bool)
    if not answerable.any():
        raise DatasetError(f'none of {len(positives)} queries has a positive in the map')
    hits = np.array([np.isin(rows, right) for rows, right in zip(answers.rows, positives)])
    return Outcomes(
        score=answers.scores[:, 0],
        rank=np.where(hits.any(axis=1), 1 + hits.argmax(axis=1), NEVER),
        answerable=answerable)
