# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Making the descriptors of teacher and student comparable, before one is drawn to the other.

What most descriptors of a network have in common is far from the origin and says nothing of a
place: two that share nothing else are near each other by it. So both are looked at from their
means (ours), and the teacher's are turned to where the student's are.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes


# Of a descriptor that is the mean itself, which has no direction from there.
_NOWHERE = 1e-12


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
