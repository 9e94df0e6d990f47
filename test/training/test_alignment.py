# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The rotation of the teacher: what it keeps, and that there is no better one."""

import numpy as np
import pytest
from scipy.stats import ortho_group

from structvpr_ros.training.alignment import align


def _descriptors(seed, count=60, size=8):
    vectors = np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_similarities_among_the_teachers_descriptors_are_kept():
    teacher = _descriptors(0)
    aligned = align(teacher, _descriptors(1))
    np.testing.assert_allclose(aligned @ aligned.T, teacher @ teacher.T, atol=1e-5)
    assert aligned.dtype == np.float32


@pytest.mark.parametrize('count', [60, 5])  # fewer images than dimensions, too
def test_what_is_only_turned_is_turned_back(count):
    student = _descriptors(0, count)
    teacher = student @ ortho_group.rvs(8, random_state=1).astype(np.float32)
    np.testing.assert_allclose(align(teacher, student), student, atol=1e-5)


def test_no_other_rotation_brings_them_nearer():
    teacher, student = _descriptors(0), _descriptors(1)
    best = np.square(align(teacher, student) - student).sum()
    for seed in range(200):
        rotation = ortho_group.rvs(8, random_state=seed)
        assert np.square(teacher @ rotation - student).sum() >= best - 1e-4
