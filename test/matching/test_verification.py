# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Geometric verification on planted scenes, with outliers, and on degenerate ones."""

import cv2
import numpy as np
import pytest

from structvpr_ros.inference.local_features.features import FRAME_SIZE, LocalFeatures
from structvpr_ros.inference.local_features.matcher import MutualMatcher
from structvpr_ros.inference.local_features.registry import create_extractor, create_matcher
from structvpr_ros.matching.verification import count_agreeing, count_inliers

HEIGHT, WIDTH = FRAME_SIZE
GEOMETRIES = ('fundamental', 'homography')
ALIKE = MutualMatcher(0.5)  # a similarity that noisy copies have, and random descriptors have not
NONE = LocalFeatures(np.empty((0, 2), np.float32), np.empty((0, 64), np.float32))


def unit(random: np.random.Generator, count: int) -> np.ndarray:
    vectors = random.normal(size=(count, 64)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def anywhere(random: np.random.Generator, count: int) -> np.ndarray:
    return random.uniform((0, 0), (WIDTH, HEIGHT), (count, 2)).astype(np.float32)


def pair(one: np.ndarray, other: np.ndarray, outliers: int,
         seed: int = 0) -> tuple[LocalFeatures, LocalFeatures]:
    """
    Give points that are seen twice descriptors that match, the second image in another order.

    :param outliers: how many more match that are anywhere in both images.
    """
    random = np.random.default_rng(seed)
    one, other = (np.concatenate([points, anywhere(random, outliers)]).astype(np.float32)
                  for points in (one, other))
    descriptors = unit(random, len(one))
    shuffled = random.permutation(len(one))
    return (LocalFeatures(one, descriptors),
            LocalFeatures(other[shuffled], descriptors[shuffled]))


def rigid(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return where two cameras see the points of a rigid scene in space, (N, 2) each, pixels."""
    random = np.random.default_rng(seed)
    scene = random.uniform((-4, -3, 6), (4, 3, 20), (count, 3))
    turn = cv2.Rodrigues(np.array([0.02, 0.1, 0.01]))[0]
    views = []
    for rotation, shift in ((np.eye(3), (0, 0, 0)), (turn, (0.8, 0.05, 0.4))):
        seen = scene @ rotation.T + shift
        views.append(250 * seen[:, :2] / seen[:, 2:] + (WIDTH / 2, HEIGHT / 2)
                     + random.normal(0, 0.3, (count, 2)))
    return views[0], views[1]


def facade() -> tuple[np.ndarray, np.ndarray]:
    """Return where two cameras see the points of a plane, (100, 2) each, pixels."""
    homography = np.array([[0.9, 0.08, 12], [-0.05, 0.95, 8], [2e-4, -1e-4, 1]])
    points = anywhere(np.random.default_rng(5), 100)
    return points, cv2.perspectiveTransform(points[None], homography)[0]


@pytest.mark.parametrize('outliers', [0, 50, 100])
def test_a_rigid_scene_is_found_among_outliers(outliers: int) -> None:
    query, frame = pair(*rigid(100), outliers)
    # A few outliers lie near their epipolar line by chance: a strip 4 wide of 320 pixels or so.
    assert 85 <= count_inliers(query, frame, ALIKE) <= 100 + 0.12 * outliers + 3


@pytest.mark.parametrize('outliers', [0, 50, 100])
def test_a_facade_is_found_among_outliers(outliers: int) -> None:
    query, frame = pair(*facade(), outliers)
    assert 90 <= count_inliers(query, frame, ALIKE) <= 100 + 0.3 * outliers + 3
    # A homography says where a point is, not on which line only: hardly any is there by chance.
    assert 90 <= count_inliers(query, frame, ALIKE, 'homography') <= 100 + 0.03 * outliers + 1


def test_a_homography_does_not_hold_a_scene_with_depth() -> None:
    query, frame = pair(*rigid(100), 0)
    assert count_inliers(query, frame, ALIKE, 'homography') < 60


@pytest.mark.parametrize('seed', range(5))
def test_matches_without_geometry_hardly_count(seed: int) -> None:
    scattered = pair(np.empty((0, 2)), np.empty((0, 2)), 100, seed)
    assert count_inliers(*scattered, ALIKE) < 35 < count_inliers(*pair(*rigid(100), 0), ALIKE)


@pytest.mark.parametrize('geometry', GEOMETRIES)
def test_the_count_is_always_the_same(geometry: str) -> None:
    query, frame = pair(*rigid(60), 60)
    counts = {count_inliers(query, frame, ALIKE, geometry) for _ in range(5)}
    cv2.setRNGSeed(42)
    assert {count_inliers(query, frame, ALIKE, geometry)} == counts


def test_descriptors_that_are_not_alike_do_not_count() -> None:
    query, _ = pair(*rigid(100), 0)
    _, frame = pair(*rigid(100), 0, seed=1)
    assert count_inliers(query, frame, MutualMatcher(0.9)) == 0


def test_nothing_matches_nothing() -> None:
    some, _ = pair(*rigid(30), 0)
    for query, frame in ((NONE, NONE), (NONE, some), (some, NONE)):
        assert count_inliers(query, frame, MutualMatcher(-1.0)) == 0


@pytest.mark.parametrize('geometry', GEOMETRIES)
@pytest.mark.parametrize('count', range(1, 8))
def test_what_always_fits_does_not_count(count: int, geometry: str) -> None:
    assert count_inliers(*pair(*rigid(count), 0), ALIKE, geometry) == 0


@pytest.mark.parametrize('geometry', GEOMETRIES)
@pytest.mark.parametrize('points', [
    np.zeros((20, 2)), np.full((20, 2), np.nan), np.stack([np.arange(20.0)] * 2, 1)],
    ids=['one point', 'not a number', 'a line'])
def test_points_without_extent_do_no_harm(points: np.ndarray, geometry: str) -> None:
    points = points.astype(np.float32)
    assert 0 <= count_agreeing(points, points, geometry) <= 20


def test_windows_that_are_all_alike_are_matched_once_each_at_most() -> None:
    random = np.random.default_rng(0)
    window = unit(random, 1)
    grid = np.stack(np.meshgrid(np.arange(10) * 30.0, np.arange(8) * 30.0), -1).reshape(-1, 2)
    facade = LocalFeatures(grid.astype(np.float32), np.repeat(window, len(grid), 0))
    assert count_inliers(facade, facade, ALIKE) == 0


@pytest.mark.parametrize('kind', ['xfeat', 'sift', 'orb'])
def test_an_image_verifies_its_warped_self_and_no_other(kind: str) -> None:
    extractor = create_extractor(kind)
    random = np.random.default_rng(0)
    here, there = (cv2.resize(random.integers(0, 256, (24, 32, 3), np.uint8), (WIDTH, HEIGHT),
                              interpolation=cv2.INTER_NEAREST) for _ in range(2))
    warp = np.array([[1.02, 0.04, -6], [-0.03, 0.98, 5], [1e-4, 5e-5, 1]])
    again = cv2.warpPerspective(cv2.convertScaleAbs(here, alpha=0.7, beta=20), warp,
                                (WIDTH, HEIGHT))
    features = [extractor.extract(image) for image in (here, again, there)]
    right, wrong = (count_inliers(features[0], other, create_matcher(kind))
                    for other in features[1:])
    assert right > 60 and right > 2 * wrong
