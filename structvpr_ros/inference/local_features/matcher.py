# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which features of two images show the same points: the contract, and the plain way."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.inference.local_features.features import LocalFeatures

# Rows of one image's features, and as many of the other's.
Matches = tuple[NDArray[np.intp], NDArray[np.intp]]


class Matcher(Protocol):
    """Matches features of one kind."""

    def match(self, one: LocalFeatures, other: LocalFeatures) -> Matches:
        """
        Match the features of two images.

        :return: the rows that match, of ``one`` and of ``other``, (M,) each; none twice.
        """


@dataclass(frozen=True)
class MutualMatcher:
    """
    Matches features that are each other's most similar one.

    :param min_similarity: the least product of two descriptors that match.
    """

    min_similarity: float

    def match(self, one: LocalFeatures, other: LocalFeatures) -> Matches:
        """Match the features of two images; see ``Matcher``."""
        if not len(one) or not len(other):
            return np.empty(0, np.intp), np.empty(0, np.intp)
        similarity = one.descriptors @ other.descriptors.T
        best = similarity.argmax(1)
        rows = np.flatnonzero(similarity[np.arange(len(one)), best] >= self.min_similarity)
        # The way back only for the few that may match: it is the slower one.
        mutual = similarity.T[best[rows]].argmax(1) == rows
        return rows[mutual], best[rows[mutual]]
