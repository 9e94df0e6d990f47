# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Turning the teacher's descriptors towards the student's, before one is drawn to the other."""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes


def align(teacher: NDArray[np.float32], student: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Rotate the teacher's descriptors as a whole to where the student's are nearest (ours).

    Two networks that were trained apart have axes of their own: most of the distance between
    their descriptors says nothing of what either knows. A rotation keeps all similarities among
    the teacher's descriptors, which are its knowledge. Solved in closed form: Schoenemann, A
    generalized solution of the orthogonal Procrustes problem, Psychometrika 1966.

    :param teacher: (N, D), rows of unit length.
    :param student: (N, D), rows of unit length, of the same images.
    :return: float32 (N, D), rows of unit length.
    """
    rotation, _ = orthogonal_procrustes(teacher, student)
    return (teacher @ rotation).astype(np.float32)
