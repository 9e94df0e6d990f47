# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Optimal transport between two sets of points, some of which have no partner.

Sinkhorn, Knopp, Pacific J. Math. 1967; Cuturi, NIPS 2013; with a bin for those left over as in
Sarlin, DeTone, Malisiewicz, Rabinovich, SuperGlue, CVPR 2020, section 3.2.
"""

import torch
from torch import Tensor


def transport(scores: Tensor, bin_score: Tensor, iterations: int) -> Tensor:
    """
    Return the logarithm of how much of each point goes to each of the others.

    Every point has a mass of 1 to give and takes as much, the bin of either side as much as
    there are points on the other.

    :param scores: float32 (M, N), any numbers, more for likelier partners.
    :param bin_score: (), that of having none.
    :return: (M + 1, N + 1); the last row and column are the bins.
    """
    count, others = scores.shape
    table = torch.cat([scores, bin_score.expand(count, 1)], 1)
    table = torch.cat([table, bin_score.expand(1, others + 1)], 0)
    rows, columns = (torch.zeros(len(side)) for side in (table, table.T))
    rows[-1], columns[-1] = torch.tensor([others, count]).log()
    row_shift, column_shift = torch.zeros_like(rows), torch.zeros_like(columns)
    for _ in range(iterations):
        row_shift = rows - (table + column_shift).logsumexp(1)
        column_shift = columns - (table + row_shift[:, None]).logsumexp(0)
    return table + row_shift[:, None] + column_shift
