# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The pose of a recognition: planted geometry, properties, and a calibration in simulation."""

import math

from hypothesis import example, given, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.pose import bounded, PoseEstimate, PoseEstimator, PoseOptions
from structvpr_ros.matching.recognition import Candidate, Recognition
from structvpr_ros.matching.sequence_filter import SequenceFilter
from structvpr_ros.matching.sequence_options import SequenceOptions
from structvpr_ros.place_map.frame import Frame


def make_frames(poses):
    """Make a place of each (x, y, heading)."""
    return [Frame(row, f'{row}', '', x, y, heading, None, '')
            for row, (x, y, heading) in enumerate(poses)]


def recognize(frames, scores=None, localized=True):
    """Rank all places as the candidates."""
    scores = scores or [1.0] * len(frames)
    candidates = [Candidate(frame.place, score, frame)
                  for frame, score in zip(frames, scores, strict=True)]
    candidates.sort(key=lambda candidate: -candidate.score)
    return Recognition(0.0, tuple(candidates), localized, {})


def estimate(poses, scores=None, options=None):
    frames = make_frames(poses)
    return PoseEstimator(frames, options or PoseOptions()).estimate(recognize(frames, scores))


def test_the_mean_of_those_who_agree():
    pose = estimate([(10.0, 2.0, 0.1), (14.0, 2.0, 0.3), (90.0, 0.0, 3.0)], [0.8, 0.8, 0.7])
    assert (pose.x, pose.y) == (pytest.approx(12), pytest.approx(2))
    assert pose.heading == pytest.approx(0.2)
    # Scatter 2 m and spacing 4 m along x, nothing but the floor across.
    expected = np.diag([4 + 16 / 12, 16 / 12, -2 * math.log(math.cos(0.1))])
    assert pose.covariance == pytest.approx(expected)


def test_scores_are_weights():
    pose = estimate([(0.0, 0.0, 0.0), (4.0, 0.0, 0.0)], [0.75, 0.25])
    assert pose.x == pytest.approx(1) and pose.covariance[0, 0] == pytest.approx(3 + 16 / 12)


def test_without_a_positive_score_all_weigh_the_same():
    assert estimate([(0.0, 0.0, 0.0), (4.0, 0.0, 0.0)], [-0.1, -0.2]).x == pytest.approx(2)


def test_one_candidate_is_as_good_as_the_spacing_of_its_surroundings():
    frames = make_frames([(0.0, 0.0, 0.0), (6.0, 0.0, 0.0), (9.0, 0.0, 0.0), (9.5, 0.0, 0.0)])
    recognition = Recognition(0.0, (Candidate('0', 0.9, frames[0]),), True, {})
    pose = PoseEstimator(frames).estimate(recognition)
    assert (pose.x, pose.y) == (0, 0)
    assert pose.covariance[:2, :2] == pytest.approx(np.eye(2) * 3)


def test_of_a_large_map_the_frames_that_were_found_are_enough():
    frames = [Frame(10 ** 6 + row, f'{row}', '', float(4 * row), 0.0, 0.0, None, '')
              for row in range(3)]
    recognition = recognize(frames, [0.9, 0.8, 0.7])
    pose = PoseEstimator(frames, PoseOptions()).estimate(recognition)
    same = estimate([(0.0, 0.0, 0.0), (4.0, 0.0, 0.0), (8.0, 0.0, 0.0)], [0.9, 0.8, 0.7])
    assert pose.x == same.x and pose.covariance == pytest.approx(same.covariance)


def test_a_map_of_one_place_tells_no_spacing():
    pose = estimate([(5.0, 5.0, 1.0)])
    assert pose.covariance == pytest.approx(np.diag([400, 400, 0.01]))


def test_support_goes_before_candidates():
    frames = make_frames([(0.0, 0.0, 0.0), (2.0, 0.0, 0.0), (4.0, 0.0, 0.0)])
    best, beside, _ = (Candidate(frame.place, 0.5, frame) for frame in frames)
    recognition = Recognition(0.0, (best,), True, {}, (best, beside))
    assert PoseEstimator(frames).estimate(recognition).x == pytest.approx(1)


@pytest.mark.parametrize('headings', [(3.1, -3.1), (math.pi, -math.pi)])
def test_headings_meet_across_the_seam(headings):
    pose = estimate([(0.0, 0.0, headings[0]), (1.0, 0.0, headings[1])])
    assert abs(pose.heading) == pytest.approx(math.pi) and pose.covariance[2, 2] < 0.02


def test_unknown_and_opposite_headings_are_very_uncertain():
    unknown = estimate([(0.0, 0.0, None), (1.0, 0.0, None)])
    assert unknown.heading == 0 and unknown.covariance[2, 2] == pytest.approx(math.pi ** 2)
    opposite = estimate([(0.0, 0.0, 0.0), (1.0, 0.0, math.pi)])
    assert opposite.covariance[2, 2] == pytest.approx(math.pi ** 2)
    assert estimate([(0.0, 0.0, None), (1.0, 0.0, 1.5)]).heading == pytest.approx(1.5)


def test_no_pose_where_not_localized_or_without_positions():
    frames = make_frames([(0.0, 0.0, 0.0)])
    assert PoseEstimator(frames).estimate(recognize(frames, localized=False)) is None
    frames = make_frames([(None, None, None)])
    assert PoseEstimator(frames).estimate(recognize(frames)) is None


poses = st.tuples(st.floats(-50, 50), st.floats(-50, 50),
                  st.one_of(st.none(), st.floats(-math.pi, math.pi)))
crowds = st.lists(st.tuples(poses, st.floats(-1, 1)), min_size=1, max_size=8)


@example([((0.0, 0.0, None), 1.0), ((0.0, 0.0, 0.0), 5e-324)], 1.0, 0.0, 1.0, 0.0)
@given(crowds, st.floats(0.01, 2), st.floats(0, 30), st.floats(0.01, 1), st.floats(0, 2))
def test_the_covariance_is_one_and_within_its_bounds(crowd, least, wider, sharp, blunter):
    options = PoseOptions(30.0, least, least + wider, sharp, sharp + blunter)
    pose = estimate([pose for pose, _ in crowd], [score for _, score in crowd], options)
    assert np.array_equal(pose.covariance, pose.covariance.T)
    values = np.linalg.eigvalsh(pose.covariance[:2, :2])
    assert least ** 2 * (1 - 1e-6) <= values[0]
    assert values[-1] <= (least + wider) ** 2 * (1 + 1e-6)
    assert sharp ** 2 <= pose.covariance[2, 2] <= (sharp + blunter) ** 2
    assert not pose.covariance[:2, 2].any() and -math.pi <= pose.heading <= math.pi


grid = st.tuples(st.integers(-20, 20), st.integers(-20, 20), st.floats(-1, 1))


@given(st.lists(grid, min_size=1, max_size=6), st.floats(-3, 3), st.floats(-100, 100))
def test_a_map_that_is_turned_and_shifted_turns_and_shifts_the_pose(places, angle, shift):
    rotation = np.array([[math.cos(angle), -math.sin(angle)],
                         [math.sin(angle), math.cos(angle)]])
    turned = [(*(rotation @ (x, y) + (shift, -shift)), heading + angle)
              for x, y, heading in places]
    # A radius that no distance on the grid is on the edge of.
    options = PoseOptions(radius=12.3)
    one, other = (estimate([(float(x), float(y), heading) for x, y, heading in some], None,
                           options) for some in (places, turned))
    assert (other.x, other.y) == pytest.approx(
        tuple(rotation @ (one.x, one.y) + (shift, -shift)), abs=1e-6)
    assert math.cos(other.heading - one.heading - angle) == pytest.approx(1)
    block = rotation @ one.covariance[:2, :2] @ rotation.T
    assert other.covariance[:2, :2] == pytest.approx(block, abs=1e-6)
    assert other.covariance[2, 2] == pytest.approx(one.covariance[2, 2])


@pytest.mark.parametrize('values', [
    {'radius': -1.0}, {'radius': math.nan}, {'min_position_std': 0.0},
    {'min_position_std': 21.0}, {'max_position_std': math.inf}, {'min_heading_std': 0.0},
    {'max_heading_std': 3.2}, {'max_heading_std': 0.05}, {'min_heading_std': math.nan}])
def test_bounds_that_cannot_work(values):
    with pytest.raises(ConfigurationError, match='expected '):
        PoseOptions(**values)


def street(count=200, spacing=2.0):
    """Make a street along the diagonal, each place seen once, a little off its middle."""
    rng = np.random.default_rng(2)
    along = spacing * np.arange(count)
    sides = rng.normal(0, 0.5, count)
    return make_frames(zip((along - sides) / math.sqrt(2), (along + sides) / math.sqrt(2),
                           math.pi / 4 + rng.normal(0, 0.05, count)))


def normalized_error(pose, position):
    error = np.array([pose.x, pose.y]) - position
    return error @ np.linalg.solve(pose.covariance[:2, :2], error)


def looks(frames, position, blur, rng):
    points = np.array([(frame.x, frame.y) for frame in frames])
    distance = np.hypot(*(points - position).T)
    return 0.3 + 0.5 * np.exp(-0.5 * (distance / blur) ** 2) + rng.normal(0, 0.05, len(frames))


@pytest.mark.parametrize('blur', [2.0, 6.0])
def test_errors_are_as_large_as_the_covariance_says(blur):
    # Of an ideal covariance in a plane the mean normalised squared error is 2; less is cautious.
    rng = np.random.default_rng(0)
    frames, errors = street(), []
    estimator = PoseEstimator(frames)
    for _ in range(300):
        position = np.full(2, rng.uniform(20, 260)) + rng.normal(0, 0.3, 2)
        scores = looks(frames, position, blur, rng)
        ranked = recognize(frames, scores.tolist()).candidates[:5]
        pose = estimator.estimate(Recognition(0.0, ranked, True, {}))
        errors.append(normalized_error(pose, position))
    assert 0.2 < np.mean(errors) < 2.5 and np.quantile(errors, 0.95) < 6


def test_errors_of_the_filtered_pose_are_as_large_as_the_covariance_says():
    rng = np.random.default_rng(1)
    frames, errors = street(), []
    estimator, sequence = PoseEstimator(frames), SequenceFilter(frames, SequenceOptions())
    for number in range(150):
        position = np.full(2, 20 + number) + rng.normal(0, 0.3, 2)
        candidates = recognize(frames, looks(frames, position, 4.0, rng).tolist()).candidates
        found = sequence.update(candidates, float(number), math.sqrt(2) * number)
        if number >= 10:
            pose = estimator.estimate(
                Recognition(0.0, found.candidates, True, {}, found.support))
            errors.append(normalized_error(pose, position))
    assert 0.2 < np.mean(errors) < 2.5 and np.quantile(errors, 0.95) < 6


def test_bounds_hold_whatever_made_the_covariance():
    options = PoseOptions(min_position_std=0.5, max_position_std=3.0, min_heading_std=0.1)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    covariance = np.zeros((3, 3))
    covariance[:2, :2] = turn @ np.diag([0.01, 100.0]) @ turn.T
    found = bounded(PoseEstimate(1.0, 2.0, 3.0, covariance), options)
    assert (found.x, found.y, found.heading) == (1.0, 2.0, 3.0)
    np.testing.assert_allclose(found.covariance[:2, :2], turn @ np.diag([0.25, 9.0]) @ turn.T)
    assert found.covariance[2, 2] == pytest.approx(0.01)
