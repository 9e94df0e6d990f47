# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Shadows against a slow oracle that walks along every sunbeam; weather by its formulas."""

import math

import numpy as np
import pytest

from structvpr_ros.data.town.camera import Camera, Pose
from structvpr_ros.data.town.conditions import Condition, CONDITIONS
from structvpr_ros.data.town.labels import GROUND, Label
from structvpr_ros.data.town.light import shadow_heights
from structvpr_ros.data.town.picture import Picture, planar
from structvpr_ros.data.town.sensor import expose
from structvpr_ros.data.town.shade import cast
from structvpr_ros.data.town.surface import Mesh, upright
from structvpr_ros.data.town.texture import OPAQUE, solid
from structvpr_ros.data.town.weather import mirror, rain, snowfall, veil

CAMERA = Camera(64, 48)
POSE = Pose(np.array([0.0, 0.0, 1.5]), 0.0)


def towards_sun(azimuth: float, elevation: float) -> np.ndarray:
    return np.array([math.cos(elevation) * math.cos(azimuth),
                     math.cos(elevation) * math.sin(azimuth), math.sin(elevation)])


def walk(heights: np.ndarray, density: float, sun: np.ndarray, row: int, column: int) -> float:
    """Return the shadow's height over a cell by small steps along the beam."""
    distance = np.arange(0.02, 80, 0.02)
    columns = np.round(column + distance * sun[0] * density).astype(int)
    rows = np.round(row - distance * sun[1] * density).astype(int)
    inside = (rows >= 0) & (rows < heights.shape[0]) & (columns >= 0) & (
        columns < heights.shape[1])
    above = heights[rows[inside], columns[inside]] - distance[inside] * sun[2]
    return max(0.0, above.max(initial=0.0))


@pytest.mark.parametrize('azimuth', [0.0, 0.9, math.pi / 2, 2.5, -2.0])
@pytest.mark.parametrize('elevation', [0.35, 0.9])
def test_shadows_of_a_house(azimuth: float, elevation: float) -> None:
    heights = np.zeros((60, 80), np.float32)
    heights[25:35, 30:44] = 9
    sun = towards_sun(azimuth, elevation)
    shadow = shadow_heights(heights, 2.0, sun)
    rng = np.random.default_rng(0)
    cells = rng.integers((0, 0), heights.shape, (120, 2))
    found = np.array([shadow[row, column] for row, column in cells])
    walked = np.array([walk(heights, 2.0, sun, row, column) for row, column in cells])
    # Within the height that a beam climbs over one cell and a half, but for cells at an edge.
    off = np.abs(found - walked)
    assert np.mean(off < 1.5 * sun[2] / math.hypot(*sun[:2]) / 2.0 + 0.2) > 0.93
    assert (walked > 0.5).sum() > 3


def test_shadows_fall_away_from_the_sun_and_are_longer_when_it_is_low() -> None:
    heights = np.zeros((20, 200), np.float32)
    heights[:, 100:104] = 6
    low, high = (shadow_heights(heights, 2.0, towards_sun(0.0, elevation)) > 0.1
                 for elevation in (0.3, 1.0))
    assert not low[:, 105:].any() and low[10, 90]
    assert low.sum() > 2 * high.sum()
    # A wall of 6 m throws a shadow of 6 / tan(elevation) metres.
    assert low[10, :100].sum() / 2 == pytest.approx(6 / math.tan(0.3), abs=1.5)


def picture(labels: np.ndarray, depth: float) -> Picture:
    shape = labels.shape
    grey = np.full(shape, 0.5, np.float32)
    return Picture(CAMERA, POSE, np.full((3, *shape), 0.4, np.float32),
                   np.full(shape, OPAQUE, np.uint8), labels, grey, grey,
                   np.full(shape, depth, np.float32), np.ones(shape, np.float32),
                   np.isin(labels, GROUND))


def test_haze_follows_koschmieder() -> None:
    condition = Condition('test', haze=0.05, haze_colour=(0.6, 0.7, 0.8))
    scene = picture(np.full((48, 64), Label.BUILDING, np.uint8), 30.0)
    light = np.full((3, 48, 64), 0.2, np.float32)
    veiled = veil(light, scene, condition)
    distance = 30 * np.linalg.norm(scene.rays(), axis=0)
    kept = np.exp(-0.05 * distance)
    np.testing.assert_allclose(veiled, 0.2 * kept + (1 - kept) * planar((0.6, 0.7, 0.8)),
                               rtol=1e-5)


def test_only_wet_ground_mirrors() -> None:
    labels = np.full((48, 64), Label.BUILDING, np.uint8)
    labels[30:] = Label.ROAD
    light = np.zeros((3, 48, 64), np.float32)
    light[:, 10:18] = 1.0
    wet = mirror(light, picture(labels, 10.0), 1.0)
    np.testing.assert_array_equal(wet[:, :30], light[:, :30])
    # Rows mirrored at the horizon, row 23.5: 10 to 17 come back at 30 to 37.
    assert wet[:, 31:36].min() > 0.2 and wet[:, 44:].max() < 0.05


def test_rain_and_snow_are_drawn_from_the_stream_alone() -> None:
    light = np.random.default_rng(0).uniform(0, 1, (3, 48, 64)).astype(np.float32)
    for weather in (rain, snowfall):
        one, again, other = (weather(light.copy(), np.random.default_rng(seed), 1.0)
                             for seed in (1, 1, 2))
        np.testing.assert_array_equal(one, again)
        assert (one != other).any() and (one != light).any()
        assert one.shape == light.shape and one.dtype == np.float32


def test_exposure_is_monotonous_noisy_and_never_wraps() -> None:
    quiet = Condition('test', noise=0.0)
    greys = [expose(np.full((3, 48, 64), level, np.float32), quiet, np.random.default_rng(3))
             for level in (0.0, 0.05, 0.3, 1.0, 30.0)]
    assert all((one <= two).all() and one.mean() < two.mean()
               for one, two in zip(greys[:-1], greys[1:]))
    assert greys[0].max() == 0 and greys[-1].min() == 255
    noisy = expose(np.full((3, 48, 64), 0.3, np.float32), Condition('test', noise=0.05),
                   np.random.default_rng(3))
    deviation = (noisy.astype(float) - greys[2]).std()
    assert deviation == pytest.approx(0.05 * 255, rel=0.1)
    assert noisy.shape == (48, 64, 3) and noisy.dtype == np.uint8


def test_the_corners_of_a_photograph_are_darker() -> None:
    image = expose(np.full((3, 48, 64), 0.3, np.float32), Condition('test', noise=0.0),
                   np.random.default_rng(3))
    assert image[0, 0].mean() < 0.95 * image[24, 32].mean()


def test_what_stands_on_the_ground_shades_the_ground_only() -> None:
    things = [Mesh.of([upright(8.0, 0.0, 2.0, 1.5, Label.CAR, solid((0, 0, 0)))])]
    ground = np.zeros((48, 64), bool)
    ground[26:] = True
    shade = cast(things, towards_sun(math.pi / 2, 0.6), CAMERA, POSE, ground)
    assert shade.beam.min() < 0.1 and shade.sky.min() < 0.9
    assert (shade.beam[:26] == 1).all() and (shade.sky[:26] == 1).all()
    # The sun stands to the left, so the shadow falls to the right.
    dark = np.flatnonzero((shade.beam < 0.5).any(axis=0))
    assert dark.mean() > 34
    assert (cast([], towards_sun(0, 1), CAMERA, POSE, ground).beam == 1).all()


def test_every_condition_has_a_season_and_its_own_name() -> None:
    assert sorted(CONDITIONS) == ['autumn', 'dusk', 'fog', 'night', 'overcast', 'rain', 'snow',
                                  'sunny']
    for name, condition in CONDITIONS.items():
        assert condition.name == name and condition.season in ('summer', 'autumn', 'winter')
