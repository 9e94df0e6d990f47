# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Making the descriptors of teacher and student comparable, before one is drawn to the other.

What most descriptors of a network have in common is far from the origin and says nothing of a
place: two that share nothing else are near each other by it. So both are looked at from their
means (ours), the teacher's in directions that all count alike, turned to where the student's are.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes


# Of a descriptor that is the mean itself, which has no direction from there.
_NOWHERE = 1e-12

# Directions that vary less than this share of the loudest are taken for noise, and not made as
# loud as that.
_QUIET = 1e-2


def deviations(descriptors: NDArray[np.float32],
               origin: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Return the directions in which descriptors lie from a point.

    :param descriptors: (N, D).
    :param origin: (D,), such as their mean.
    :return: float32 (N, D), rows of unit length.
    """
    away = descriptors - origin
    return away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), _NOWHERE)


def whiten(descriptors: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Return deviations from the mean in which no direction is louder than others (ours).

    What a teacher knows is in many directions, and a few that vary most decide its similarities.
    PCA whitening, for retrieval from Jegou and Chum, Negative evidences and co-occurrences in
    image retrieval, ECCV 2012; the variances are not taken to be below 1% of the largest.

    :param descriptors: (N, D).
    :return: float32 (N, D), rows of unit length, or of zeros where all descriptors are one.
    """
    away = descriptors - descriptors.mean(axis=0, dtype=np.float64)
    variances, axes = np.linalg.eigh(away.T @ away / len(away))
    scales = np.sqrt(np.maximum(variances, max(_QUIET * variances[-1], _NOWHERE)))
    return deviations((away @ axes / scales).astype(np.float32),
                      np.zeros(len(axes), np.float32))


def align(teacher: NDArray[np.float32], student: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Rotate the teacher's deviations as a whole to where the student's are nearest (ours).

    Two networks that were trained apart have axes of their own: most of the distance between
    their descriptors says nothing of what either knows. A rotation keeps all similarities among
    the teacher's deviations, which are its knowledge. Solved in closed form: Schoenemann, A
    generalized solution of the orthogonal Procrustes problem, Psychometrika 1966.

    :param teacher: (N, D), rows of unit length.
    :param student: (N, D), rows of unit length, of the same images.
    :return: float32 (N, D), rows of unit length.
    """
    rotation, _ = orthogonal_procrustes(teacher, student)
    return (teacher @ rotation).astype(np.float32)
