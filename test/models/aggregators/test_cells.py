# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Cells against means over a map that is cut finely enough."""

import pytest
import torch

from structvpr_ros.models.aggregators.cells import Cells


@pytest.mark.parametrize('size', [(4, 5), (8, 10), (7, 9), (15, 20), (2, 3), (1, 1)])
def test_cells_are_means_over_equal_areas(size):
    cells, features = Cells(30, 30), torch.rand(1, 30, *size)
    cells.reduce = torch.nn.Identity()
    found = cells(features).reshape(30, 4, 5)
    fine = features[0].repeat_interleave(4, dim=1).repeat_interleave(5, dim=2)
    means = fine.reshape(30, 4, size[0], 5, size[1]).mean(dim=(2, 4))
    torch.testing.assert_close(found, means / means.norm())


def test_what_moves_within_a_cell_changes_nothing():
    cells, here, there = Cells(8, 8), torch.zeros(1, 8, 8, 10), torch.zeros(1, 8, 8, 10)
    here[0, :, 2, 4] = there[0, :, 3, 5] = torch.rand(8)
    torch.testing.assert_close(cells(here), cells(there))
