# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Fitting a box: one side exactly, the other within half a pixel of the proportions."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.fit import fit
from structvpr_ros.errors import ImageError

sides = st.integers(1, 90)


@given(sides, sides, sides, sides)
def test_one_side_fits_and_proportions_stay(height, width, box_height, box_width):
    image = np.full((height, width, 3), 7, np.uint8)
    fitted = fit(image, (box_height, box_width))
    assert fitted.dtype == np.uint8 and (fitted == 7).all()
    h, w = fitted.shape[:2]
    assert (h == box_height and w <= box_width) or (w == box_width and h <= box_height)
    scale = min(box_height / height, box_width / width)
    assert abs(h - scale * height) <= 1 and abs(w - scale * width) <= 1


def test_an_image_that_fits_is_left_alone():
    image = np.zeros((30, 40, 3), np.uint8)
    assert fit(image, (30, 50)) is image


@pytest.mark.parametrize('image', [
    np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32)])
def test_what_is_no_image_is_refused(image):
    with pytest.raises(ImageError, match='expected an RGB image'):
        fit(image, (10, 10))
