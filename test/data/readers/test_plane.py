# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Metres in a plane, against the great-circle distance."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.readers.plane import EARTH_RADIUS, to_plane


def great_circle(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return metres between two latitudes and longitudes by the haversine formula."""
    (a, b), (c, d) = (map(math.radians, place) for place in (first, second))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(half))


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_distances_near_the_origin(latitude, longitude, north, east):
    place = latitude + north, longitude + east
    metres = to_plane(np.array([place[0]]), np.array([place[1]]), (latitude, longitude))
    assert math.hypot(*metres[0]) == pytest.approx(
        great_circle((latitude, longitude), place), rel=5e-3, abs=0.01)


def test_east_and_north():
    metres = to_plane(np.array([1.0, 0.0]), np.array([0.0, 1.0]), (0.0, 0.0))
    np.testing.assert_allclose(metres, [[0, 111_194.9], [111_194.9, 0]], atol=0.1)
