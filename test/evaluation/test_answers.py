# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The nearest images: as a sort finds them."""

import numpy as np

from structvpr_ros.evaluation.answers import rank_database


def test_ranking_agrees_with_a_sort() -> None:
    rng = np.random.default_rng(0)
    queries = rng.normal(size=(5, 16)).astype(np.float32)
    database = rng.normal(size=(30, 16)).astype(np.float32)
    similarity = queries @ database.T
    expected = np.argsort(-similarity, axis=1)
    answers = rank_database(queries, database, 30)
    np.testing.assert_array_equal(answers.rows, expected)
    np.testing.assert_allclose(answers.scores, -np.sort(-similarity, axis=1), atol=1e-5)
    np.testing.assert_array_equal(rank_database(queries, database, 4).rows, expected[:, :4])
    assert rank_database(queries, database, 99).rows.shape == (5, 30)
