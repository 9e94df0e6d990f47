# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Candidates as markers: where they are, how they are ranked, and that old ones go."""

import pytest

pytest.importorskip('visualization_msgs', reason='needs visualization_msgs')

from visualization_msgs.msg import Marker  # noqa: E402

from structvpr_ros.matching.recognition import Candidate, Recognition  # noqa: E402
from structvpr_ros.node.markers import marker_size, to_markers  # noqa: E402
from structvpr_ros.place_map.frame import Frame  # noqa: E402

STAMP = Marker().header.stamp
STAMP.sec, STAMP.nanosec = 7, 8


def frame(row, x, y):
    return Frame(row, f'place_{row}', f'{row}.png', x, y, None, None, '')


def recognition(*scores, localized=True, placed=True):
    return Recognition(7.0, tuple(
        Candidate(f'place_{row}', score, frame(row, 10.0 * row if placed else None,
                                               1.0 if placed else None))
        for row, score in enumerate(scores)), localized, {})


def marked(*arguments, **options):
    return to_markers(recognition(*arguments, **options), 'town', STAMP, 2.0).markers


def test_whatever_was_marked_before_goes_first():
    for markers in (marked(0.9, 0.5), marked(0.9, placed=False)):
        assert markers[0].action == Marker.DELETEALL
        assert all(marker.action == Marker.ADD for marker in markers[1:])


def test_a_sphere_per_candidate_where_its_frame_is():
    spheres = [marker for marker in marked(0.9, 0.8, 0.5) if marker.type == Marker.SPHERE
               and marker.action == Marker.ADD]
    assert [(s.pose.position.x, s.pose.position.y) for s in spheres] == [
        (0.0, 1.0), (10.0, 1.0), (20.0, 1.0)]
    assert len({(marker.ns, marker.id) for marker in spheres}) == 3
    assert all(marker.pose.orientation.w == 1.0 for marker in spheres)


def test_size_and_colour_fall_with_the_score():
    spheres = marked(0.9, 0.8, 0.5)[1:4]
    sizes = [sphere.scale.x for sphere in spheres]
    assert sizes == pytest.approx([2.0, 2.0 * (0.4 + 0.6 * 0.75), 0.8])
    for sphere in spheres:
        assert sphere.scale.x == sphere.scale.y == sphere.scale.z
    greens = [sphere.color.g - sphere.color.r for sphere in spheres]
    assert greens == sorted(greens, reverse=True) and len(set(greens)) == 3
    assert all(0 < sphere.color.a <= 1 for sphere in spheres)


def test_the_best_one_is_named():
    text = marked(0.875, 0.5)[-1]
    assert text.type == Marker.TEXT_VIEW_FACING and text.text == 'place_0  0.875'
    assert text.scale.z == 2.0 and text.pose.position.z > 1.0 and text.color.a == 1.0
    assert marked(0.875, localized=False)[-1].text == 'place_0  0.875  not localized'


def test_a_best_one_that_is_not_trusted_is_not_green():
    trusted, doubted = marked(0.9, 0.5)[1].color, marked(0.9, 0.5, localized=False)[1].color
    assert trusted.g > trusted.r and doubted.r > doubted.g


@pytest.mark.parametrize('scores', [(0.5,), (0.5, 0.5, 0.5), (-0.5, -0.5)])
def test_equal_scores_are_all_best(scores):
    assert {marker.scale.x for marker in marked(*scores)[1:-1]} == {2.0}


def test_all_are_in_the_frame_of_the_map_at_the_time_of_the_image():
    for marker in marked(0.9, 0.5):
        assert marker.header.frame_id == 'town' and marker.header.stamp == STAMP


def test_a_map_without_positions_has_no_markers():
    assert len(marked(0.9, 0.5, placed=False)) == 1


@pytest.mark.parametrize('points, size', [
    ([(0, 0), (300, 400)], 10.0), ([(0, 0), (30, 40)], 1.0), ([(5, 5)], 0.2),
    ([(None, None)], 1.0), ([(-30, 0), (None, None), (0, 40), (-10, 10)], 1.0)])
def test_size_goes_with_the_map(points, size):
    assert marker_size([frame(row, x, y) for row, (x, y) in enumerate(points)]) == size
