# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What counts as a descriptor."""

import numpy as np
import pytest

from structvpr_ros.inference.unit_length import unit_rows

GOOD = np.array([0.6, 0.8], np.float32)


@pytest.mark.parametrize('bad', [[0, 0], [1, 1], [np.nan, 1], [np.inf, 0], [0.6, 0.79]])
@pytest.mark.parametrize('before', [0, 2])
def test_rows_count_up_to_the_first_bad_one(bad, before):
    rows = np.array([*[GOOD] * before, bad, GOOD], np.float32)
    assert unit_rows(rows) == before


def test_all_good_and_none():
    assert unit_rows(np.stack([GOOD] * 3)) == 3
    assert unit_rows(np.empty((0, 2), np.float32)) == 0
