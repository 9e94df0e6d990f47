# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The teacher made ready: whitened, turned; what that keeps, and that nothing is better."""

import numpy as np
import pytest
from scipy.stats import ortho_group

from structvpr_ros.training.alignment import align, deviations, whiten


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


def test_deviations_are_directions_from_the_mean():
    descriptors = _descriptors(2) + np.float32(0.5)
    origin = descriptors.mean(axis=0)
    found = deviations(descriptors, origin)
    for row, direction in zip(descriptors.astype(float), found):
        away = row - descriptors.astype(float).mean(axis=0)
        np.testing.assert_allclose(direction, away / np.sqrt((away ** 2).sum()), atol=1e-5)
    assert found.dtype == np.float32


def test_what_all_descriptors_have_in_common_is_gone():
    descriptors = _descriptors(3)
    common = np.float32(40) * _descriptors(4, 1)
    shifted = descriptors + common
    np.testing.assert_allclose(deviations(shifted, shifted.mean(axis=0)),
                               deviations(descriptors, descriptors.mean(axis=0)), atol=1e-4)


def test_the_origin_itself_has_no_direction():
    origin = _descriptors(5, 1)[0]
    assert not deviations(origin[None], origin).any()


def _whitened_slowly(descriptors, quiet):
    """Project on one principal direction after the other, each divided by its deviation."""
    away = descriptors.astype(float) - descriptors.astype(float).mean(axis=0)
    _, lengths, directions = np.linalg.svd(away, full_matrices=True)
    variances = np.zeros(away.shape[1])
    variances[:len(lengths)] = lengths ** 2 / len(away)
    rows = []
    for row in away:
        parts = [row @ direction / max(variance, quiet * variances.max()) ** 0.5
                 for direction, variance in zip(directions, variances)]
        rows.append(np.array(parts) / np.sqrt(sum(part ** 2 for part in parts)))
    return np.array(rows)


@pytest.mark.parametrize('count', [60, 5])  # fewer images than dimensions, too
def test_whitening_against_one_direction_at_a_time(count):
    # Similarities are compared: signs of the directions, and those of the quiet ones, are free.
    descriptors = _descriptors(0, count) * np.linspace(0.01, 1, 8, dtype=np.float32)
    whitened, expected = whiten(descriptors), _whitened_slowly(descriptors, 1e-2)
    np.testing.assert_allclose(whitened @ whitened.T, expected @ expected.T, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(whitened, axis=1), 1, atol=1e-5)
    assert whitened.dtype == np.float32


def test_where_the_teacher_stands_and_how_it_is_turned_does_not_matter():
    descriptors = _descriptors(0) * np.linspace(0.5, 1, 8, dtype=np.float32)
    moved = 3 * descriptors @ ortho_group.rvs(8, random_state=1).astype(np.float32) + 2
    one, other = whiten(descriptors), whiten(moved)
    np.testing.assert_allclose(one @ one.T, other @ other.T, atol=1e-4)


def test_a_loud_direction_does_not_drown_the_others():
    descriptors = _descriptors(0)
    loud = descriptors.copy()
    loud[:, 0] *= 9
    one, other = whiten(descriptors), whiten(loud)
    np.testing.assert_allclose(one @ one.T, other @ other.T, atol=0.05)
    plain = deviations(loud, loud.mean(axis=0))
    assert np.abs(plain @ plain.T - one @ one.T).max() > 0.5


def test_descriptors_that_are_all_one_have_no_direction():
    assert not whiten(np.repeat(_descriptors(0, 1), 5, axis=0)).any()
