# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Textures, and all that is painted with them: sizes, holes, bounds, the same every time."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.town.facades import paint_front, paint_gable, paint_side
from structvpr_ros.data.town.figures import paint_bicycle, paint_person, paint_rider
from structvpr_ros.data.town.foliage import paint_hedge, paint_tree, SHAPES
from structvpr_ros.data.town.styles import PARAPET, plan_style
from structvpr_ros.data.town.texture import (
    box, canvas, HOLE, LAMP, mipmaps, noise, OPAQUE, shade, tint, vary)
from structvpr_ros.data.town.vehicle_kinds import VEHICLES
from structvpr_ros.data.town.vehicles import build_vehicle, length_of, Model, plan_model
from structvpr_ros.data.town.walls import TEXELS_PER_METRE

sizes = st.integers(1, 90)


@given(sizes, sizes, st.floats(1, 40), st.integers(1, 5))
def test_noise_is_bounded_and_of_the_size_asked_for(height: int, width: int, cell: float,
                                                    octaves: int) -> None:
    values = noise(np.random.default_rng(0), height, width, cell, octaves)
    assert values.shape == (height, width) and values.dtype == np.float32
    assert np.abs(values).max() < 2


def test_noise_changes_over_its_cell_and_hardly_within() -> None:
    values = noise(np.random.default_rng(0), 200, 200, 40)
    assert values.std() > 0.2
    assert np.abs(np.diff(values, axis=0)).max() < 0.1


@given(sizes, sizes)
def test_mipmaps_halve_down_to_a_few_texels(height: int, width: int) -> None:
    levels = mipmaps(canvas(height, width, (10, 20, 30), 128))
    assert levels[0].shape == (height, width, 4) and min(levels[-1].shape[:2]) < 8
    for large, small in zip(levels[:-1], levels[1:]):
        assert small.shape[:2] == (large.shape[0] // 2, large.shape[1] // 2)
        assert (small == (10, 20, 30, 128)).all()


edges = st.floats(-30, 60)


@given(edges, edges, edges, edges)
def test_a_box_fills_what_it_covers_of_the_image(left: float, top: float, right: float,
                                                 bottom: float) -> None:
    image = canvas(20, 30, (0, 0, 0))
    box(image, left, top, right, bottom, (9, 9, 9))
    expected = np.zeros((20, 30), np.uint8)
    expected[max(round(top), 0):max(round(bottom), 0),
             max(round(left), 0):max(round(right), 0)] = 9
    np.testing.assert_array_equal(image[..., 0], expected)


def test_tint_scales_colours_within_bounds_and_leaves_alpha() -> None:
    image = canvas(2, 3, (100, 200, 0), 77)
    tint(image, np.array([[0, 1, 2], [0.5, -1, 1.5]], np.float32))
    np.testing.assert_allclose(image[..., 0], [[0, 100, 200], [50, 0, 150]], atol=1)
    np.testing.assert_allclose(image[..., 1], [[0, 200, 255], [100, 0, 255]], atol=1)
    assert (image[..., 3] == 77).all()


def test_colours_stay_colours() -> None:
    rng = np.random.default_rng(0)
    assert all(0 <= channel <= 255 for _ in range(50) for channel in vary(rng, (5, 250, 128), 60))
    assert shade((100, 200, 10), 2) == (200, 255, 20)


@pytest.mark.parametrize('seed', range(8))
@pytest.mark.parametrize('ground_floor', ['home', 'shop', 'garage', 'office'])
def test_fronts_differ_and_have_windows_that_can_light_up(seed: int, ground_floor: str) -> None:
    def paint(snowy: bool = False) -> np.ndarray:
        rng = np.random.default_rng(seed)
        return paint_front(rng, plan_style(rng), 9.0, 3, ground_floor, snowy)

    style, image = plan_style(np.random.default_rng(seed)), paint()
    assert image.shape == (round((3 * style.floor_height + PARAPET) * TEXELS_PER_METRE),
                           9 * TEXELS_PER_METRE, 4)
    assert (image[..., 3] >= OPAQUE).all()
    # Signs and windows light up before lamps do; no window counts as a lamp.
    assert 0.04 < np.mean(image[..., 3] > OPAQUE) < 0.7 and image[..., 3].max() < LAMP - 8
    np.testing.assert_array_equal(image, paint())
    snowy = paint(snowy=True)
    np.testing.assert_array_equal(image[..., 3] > OPAQUE, snowy[..., 3] > OPAQUE)
    assert snowy[..., :3].mean() > image[..., :3].mean()


def test_gables_are_triangles() -> None:
    style = plan_style(np.random.default_rng(1))
    gable = paint_gable(np.random.default_rng(1), style, 8.0, 4.0, False)
    side = paint_side(np.random.default_rng(1), style, 8.0, 2, 4.0)
    for image in (gable, side[:gable.shape[0]]):
        solid = (image[..., 3] > HOLE).sum(axis=1)
        assert (np.diff(solid) >= 0).all() and solid[0] < 6 and solid[-1] > image.shape[1] - 6
    assert (side[gable.shape[0]:, :, 3] > HOLE).all()
    assert (paint_side(np.random.default_rng(1), style, 8.0, 2, 0.0)[..., 3] > HOLE).all()


@pytest.mark.parametrize('shape', SHAPES)
def test_a_tree_keeps_its_outline_through_the_seasons(shape: str) -> None:
    summer, autumn, winter = (
        paint_tree(np.random.default_rng(5), shape, 4.0, 8.0, season)
        for season in ('summer', 'autumn', 'winter'))
    crowns = [image[..., 3] == OPAQUE for image in (summer, autumn, winter)]
    assert 0.15 < crowns[0].mean() < 0.9
    # What autumn and winter leave of the crown was there in summer.
    assert not (crowns[1] & ~crowns[0]).any() and not (crowns[2] & ~crowns[0]).any()
    assert crowns[2].sum() > 0.4 * crowns[0].sum()
    red, green, _ = (autumn[crowns[1]].mean(axis=0)[:3])
    assert shape == 'conifer' or red > green
    assert winter[crowns[2], :3].mean() > summer[crowns[0], :3].mean()


def test_hedges_are_white_on_top_in_winter() -> None:
    summer, winter = (paint_hedge(np.random.default_rng(2), 4.0, 1.5, season)
                      for season in ('summer', 'winter'))
    assert winter[4:8, :, :3].mean() > summer[4:8, :, :3].mean() + 60


@pytest.mark.parametrize('paint', [
    lambda rng: paint_person(rng, True, False), lambda rng: paint_person(rng, False, True),
    lambda rng: paint_rider(rng, True), paint_bicycle])
def test_figures_differ_and_have_an_outline(paint) -> None:
    one, again, other = (paint(np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
    assert 0.1 < np.mean(one[..., 3] >= OPAQUE) < 0.9


@pytest.mark.parametrize('name', sorted(VEHICLES))
def test_vehicles_are_closed_towards_those_who_see_them(name: str) -> None:
    kind = VEHICLES[name]
    assert len(kind.faces) == len(kind.outline) - 1
    for away in (True, False):
        mesh = build_vehicle(Model(name, 0, away))
        assert set(mesh.labels) == {kind.label}
        points = np.concatenate([mesh.corners, mesh.corners + mesh.across + mesh.down])
        assert np.ptp(points[:, 0]) == pytest.approx(length_of(Model(name, 0, away)), abs=0.01)
        assert np.ptp(points[:, 1]) == pytest.approx(kind.width, abs=0.05)
        assert points[:, 2].min() >= -1e-9
        # All surfaces look outwards: from the middle one sees the back of each.
        centres = mesh.corners + (mesh.across + mesh.down) / 2
        middle = np.array([0, 0, 0.45 * points[:, 2].max()])
        assert (((centres - middle) * mesh.normals).sum(axis=1) > 0).all()


def test_only_cars_park() -> None:
    rng = np.random.default_rng(0)
    kinds = {plan_model(rng, parked=True, away=True).kind for _ in range(200)}
    assert kinds == {'hatchback', 'saloon', 'estate', 'van'}
