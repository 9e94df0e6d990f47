# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The raster against a slow oracle that follows the ray of every pixel through all surfaces."""

import math

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.town.camera import Camera, Pose
from structvpr_ros.data.town.ground import Ground
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.raster import FIRST_SURFACE, Raster
from structvpr_ros.data.town.surface import Mesh, Surface, upright
from structvpr_ros.data.town.texture import canvas, HOLE, OPAQUE, solid
from structvpr_ros.errors import ConfigurationError

CAMERA = Camera(32, 24)
POSE = Pose(np.array([0.0, 0.0, 1.5]), heading=0.1, pitch=-0.05)
NEAREST = 0.2


def looking(camera: Camera, pose: Pose) -> np.ndarray:
    """Return the ray of each pixel in the street's frame, (H, W, 3), 1 along the axis."""
    rows, columns = np.mgrid[:camera.height, :camera.width]
    pixels = np.stack([columns, rows, np.ones_like(rows)], axis=-1)
    return pixels @ np.linalg.inv(camera.matrix).T @ pose.rotation


def trace(mesh: Mesh, pose: Pose) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Follow the ray of every pixel through all surfaces.

    :return: (H, W) each: the surface that is met first (-1: none), 1 / its depth, and whether
        no edge and no second surface is so near that rounding could decide.
    """
    rays = looking(CAMERA, pose)
    first = np.full(rays.shape[:2], -1)
    nearest, sure = np.zeros(rays.shape[:2]), np.ones(rays.shape[:2], bool)
    for row in range(len(mesh)):
        across, down, offset = mesh.across[row], mesh.down[row], pose.position - mesh.corners[row]
        if np.cross(down, across) @ offset <= 0:
            continue
        columns = np.broadcast_to(np.stack([across, down], axis=1), (*rays.shape, 2))
        matrices = np.concatenate([columns, -rays[..., None]], axis=-1)
        parallel = np.abs(np.linalg.det(matrices)) < 1e-9
        matrices[parallel] = np.eye(3)
        a, b, depth = np.moveaxis(np.linalg.solve(matrices, offset[:, None])[..., 0], -1, 0)
        edge = np.minimum.reduce([a, 1 - a, b, 1 - b])
        sure &= ~parallel & ((np.abs(edge) > 0.06) | (depth < NEAREST))
        inverse = np.where((edge > 0) & (depth >= NEAREST), 1 / depth, 0)
        sure &= (np.abs(inverse - nearest) > 1e-4) | (inverse == 0)
        first[inverse > nearest] = row
        nearest = np.maximum(nearest, inverse)
    return first, nearest, sure


def assert_as_traced(mesh: Mesh, pose: Pose) -> int:
    raster = Raster(CAMERA, pose)
    raster.paint(mesh)
    first, inverse_depth, sure = trace(mesh, pose)
    expected = np.where(first < 0, Label.SKY, FIRST_SURFACE + first)
    np.testing.assert_array_equal(raster.seen[sure], expected[sure])
    np.testing.assert_allclose(raster.inverse_depth[sure], inverse_depth[sure], rtol=1e-3)
    return int(sure.sum())


def mesh_of(*parts: tuple) -> Mesh:
    return Mesh.of([Surface(np.array(corner, float), np.array(across, float),
                            np.array(down, float), Label.BUILDING, solid((90, 90, 90)))
                    for corner, across, down in parts])


FACING = ((6, 2, 4), (0, -3, 0), (0, 0, -4))
LEFT_WALL = ((-5, 3, 5), (40, 0, 0), (0, 0, -5))
BEHIND = ((20, 8, 9), (0, -16, 0), (0, 0, -9))


def test_facing_receding_and_hidden_surfaces() -> None:
    # The wall reaches behind the camera: only a part of it is before the near plane.
    assert assert_as_traced(mesh_of(BEHIND, LEFT_WALL, FACING), POSE) > 500


def test_the_order_of_surfaces_does_not_matter() -> None:
    forth, back = Raster(CAMERA, POSE), Raster(CAMERA, POSE)
    forth.paint(mesh_of(FACING, LEFT_WALL, BEHIND))
    back.paint(mesh_of(BEHIND, LEFT_WALL, FACING))
    np.testing.assert_array_equal(forth.inverse_depth, back.inverse_depth)


def test_the_back_of_a_surface_is_not_seen() -> None:
    corner, across, down = FACING
    turned = (np.add(corner, across), np.multiply(-1, across), down)
    raster = Raster(CAMERA, POSE)
    raster.paint(mesh_of(turned))
    assert (raster.seen == Label.SKY).all() and not raster.inverse_depth.any()


numbers = st.floats(-1, 1)


@settings(max_examples=25)
@given(st.lists(st.tuples(numbers, numbers, numbers, numbers, numbers), min_size=1, max_size=3),
       numbers, numbers)
def test_any_surfaces_from_any_pose(parts: list[tuple], heading: float, pitch: float) -> None:
    pose = Pose(np.array([0.0, 0.0, 1.5]), 0.6 * heading, 0.3 * pitch)
    mesh = mesh_of(*(((9 + 5 * x, 4 * y, 3 + 2 * z), (3 * turn, -4, 0), (2 * lean, 0, -4))
                     for x, y, z, turn, lean in parts))
    assert_as_traced(mesh, pose)


def test_what_lies_behind_a_hole_is_seen_through_it() -> None:
    image = canvas(20, 20, (10, 200, 10))
    image[:, :10, 3] = HOLE
    front = upright(5, 0, 4, 3, Label.FENCE, (image,))
    back = upright(8, 0, 20, 8, Label.BUILDING, solid((200, 10, 10)))
    pose = Pose(np.array([0.0, 0.0, 1.5]), 0.0)
    raster = Raster(CAMERA, pose)
    raster.paint(Mesh.of([front, back]))
    row = raster.seen[CAMERA.height // 2]
    columns = np.arange(CAMERA.width)
    right = row == FIRST_SURFACE
    # The left half of the fence, as one sees it, is a hole; the right half is not.
    assert right.any() and columns[right].min() >= CAMERA.width // 2 - 1
    assert (row[~right] == FIRST_SURFACE + 1).all()
    np.testing.assert_array_equal(raster.colour[CAMERA.height // 2][~right][:, :3],
                                  np.broadcast_to((200, 10, 10), ((~right).sum(), 3)))


def test_texels_land_where_they_belong() -> None:
    # Four quarters, each of its own colour, as seen from the street.
    image = canvas(16, 16, (0, 0, 0))
    image[:8, :8, :3], image[:8, 8:, :3] = (250, 0, 0), (0, 250, 0)
    image[8:, :8, :3], image[8:, 8:, :3] = (0, 0, 250), (250, 250, 0)
    raster = Raster(CAMERA, Pose(np.array([0.0, 0.0, 1.5]), 0.0))
    raster.paint(Mesh.of([upright(2, 0, 3.2, 2.6, Label.BUILDING, (image,), base=0.2)]))
    corners = raster.colour[[[4], [19]], [4, 27], :3]
    np.testing.assert_array_equal(corners, [[(250, 0, 0), (0, 250, 0)],
                                            [(0, 0, 250), (250, 250, 0)]])


def flat_ground() -> Ground:
    """Return a ground that is road for y > 0 and terrain elsewhere."""
    colours = canvas(400, 800, (50, 60, 70))
    classes = np.full((400, 800), Label.TERRAIN, np.uint8)
    classes[:200] = Label.ROAD
    return Ground(np.array([-10.0, 25, 0]), np.array([100.0, 0, 0]), np.array([0.0, -50, 0]),
                  (colours, colours[::2, ::2].copy()), classes, 8.0)


@pytest.mark.parametrize('pitch', [0.0, 0.2, -0.2])
def test_the_ground_ends_at_the_horizon_and_has_its_classes(pitch: float) -> None:
    pose = Pose(np.array([0.0, 0.0, 1.5]), 0.05, pitch)
    raster = Raster(CAMERA, pose)
    raster.paint_ground(flat_ground())
    rays = looking(CAMERA, pose)
    for (row, column), seen in np.ndenumerate(raster.seen):
        ray = rays[row, column]
        if ray[2] > -0.004:
            assert seen == Label.SKY
            continue
        depth = pose.position[2] / -ray[2]
        y = pose.position[1] + depth * ray[1]
        assert raster.inverse_depth[row, column] == pytest.approx(1 / depth, rel=1e-3)
        if 0.2 < abs(y):
            assert seen == (Label.ROAD if y > 0 else Label.TERRAIN)
    assert (raster.colour[-1] == (50, 60, 70, OPAQUE)).all()


def test_rotation_is_one_and_points_where_it_should() -> None:
    rotation = Pose(np.zeros(3), heading=0.7, pitch=0.3).rotation
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1)
    right, down, forward = rotation
    assert forward[2] == pytest.approx(math.sin(0.3)) and right[2] == 0 and down[2] < 0
    assert math.atan2(forward[1], forward[0]) == pytest.approx(0.7)


def test_an_enlarged_camera_sees_the_same() -> None:
    rays, fine = looking(CAMERA, POSE), looking(CAMERA.enlarged(2), POSE)
    blocks = fine.reshape(CAMERA.height, 2, CAMERA.width, 2, 3).mean((1, 3))
    np.testing.assert_allclose(blocks, rays, atol=1e-12)


@pytest.mark.parametrize('values', [(8, 24), (32, 8), (32, 24, 0.0), (32, 24, math.pi)])
def test_an_impossible_camera(values: tuple) -> None:
    with pytest.raises(ConfigurationError):
        Camera(*values)
