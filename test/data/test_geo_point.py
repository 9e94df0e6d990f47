# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""East and north, against published coordinates, radii of curvature and Vincenty's formula."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.errors import ConfigurationError

A, B = 6378137.0, 6356752.314245
F = (A - B) / A


def vincenty(first: GeoPoint, second: GeoPoint) -> float:
    """Return metres along the ellipsoid: Vincenty, Survey Review XXIII, 1975, inverse."""
    u1, u2 = (math.atan((1 - F) * math.tan(math.radians(point.latitude)))
              for point in (first, second))
    difference = math.radians(second.longitude - first.longitude)
    turn = difference
    for _ in range(50):
        sin_sigma = math.hypot(
            math.cos(u2) * math.sin(turn),
            math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(turn))
        if sin_sigma == 0:
            return 0.0
        cos_sigma = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(turn)
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = math.cos(u1) * math.cos(u2) * math.sin(turn) / sin_sigma
        cos2_alpha = 1 - sin_alpha ** 2
        cos_2m = cos_sigma - 2 * math.sin(u1) * math.sin(u2) / cos2_alpha if cos2_alpha else 0.0
        c = F / 16 * cos2_alpha * (4 + F * (4 - 3 * cos2_alpha))
        turn = difference + (1 - c) * F * sin_alpha * (
            sigma + c * sin_sigma * (cos_2m + c * cos_sigma * (2 * cos_2m ** 2 - 1)))
    u_2 = cos2_alpha * (A ** 2 - B ** 2) / B ** 2
    big_a = 1 + u_2 / 16384 * (4096 + u_2 * (-768 + u_2 * (320 - 175 * u_2)))
    big_b = u_2 / 1024 * (256 + u_2 * (-128 + u_2 * (74 - 47 * u_2)))
    correction = big_b * sin_sigma * (cos_2m + big_b / 4 * (
        cos_sigma * (2 * cos_2m ** 2 - 1)
        - big_b / 6 * cos_2m * (4 * sin_sigma ** 2 - 3) * (4 * cos_2m ** 2 - 3)))
    return B * big_a * (sigma - correction)


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_distances_are_those_along_the_ellipsoid(latitude, longitude, north, east):
    origin = GeoPoint(latitude, longitude)
    point = GeoPoint(latitude + north, longitude + east)
    length = math.hypot(*origin.east_north(point))
    # Within 3 km the tangent plane is shorter than the way by less than a tenth of a millimetre.
    assert length == pytest.approx(vincenty(origin, point), abs=1e-3)


@given(st.floats(-85, 85), st.floats(-179, 179))
def test_directions_follow_the_radii_of_curvature(latitude, longitude):
    origin = GeoPoint(latitude, longitude)
    step = 1e-5
    squared = 1 - (B / A) ** 2
    root = math.sqrt(1 - squared * math.sin(math.radians(latitude)) ** 2)
    meridian, normal = A * (1 - squared) / root ** 3, A / root
    east, north = origin.east_north(GeoPoint(latitude + step, longitude))
    assert (east, north) == pytest.approx((0, meridian * math.radians(step)), abs=1e-5)
    east, north = origin.east_north(GeoPoint(latitude, longitude + step))
    across = normal * math.cos(math.radians(latitude)) * math.radians(step)
    assert (east, north) == pytest.approx((across, 0), abs=1e-5)


def test_corners_of_the_earth():
    assert GeoPoint(0, 0).ecef() == pytest.approx([A, 0, 0])
    assert GeoPoint(0, 90, 100).ecef() == pytest.approx([0, A + 100, 0], abs=1e-6)
    assert GeoPoint(-90, 0).ecef() == pytest.approx([0, 0, -B], abs=1e-5)


def test_height_alone_goes_nowhere():
    origin = GeoPoint(48.1, 11.5, 500)
    assert origin.east_north(GeoPoint(48.1, 11.5, 900)) == pytest.approx((0, 0), abs=1e-6)
    assert origin.east_north(origin) == (0, 0)


def test_across_the_date_line():
    east, _ = GeoPoint(0, 179.9999).east_north(GeoPoint(0, -179.9999))
    assert east == pytest.approx(np.deg2rad(2e-4) * A, rel=1e-6)


@pytest.mark.parametrize('numbers', [(91, 0, 0), (0, 181, 0), (math.nan, 0, 0), (0, math.inf, 0),
                                     (0, 0, math.nan)])
def test_no_point_on_the_earth(numbers):
    with pytest.raises(ConfigurationError, match='latitude'):
        GeoPoint(*numbers)
